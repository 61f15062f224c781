import { expect, test } from 'vitest'
import { filterLayout } from '../../src/app/stage/filter-grid.ts'

const layout = (rows: number, columns: number, side: number, ratio = 1) => {
  const { perLine, taps, device, pixel } = filterLayout({ rows, columns, width: side, height: side }, ratio)
  return { perLine, device, pixel, width: taps.across * pixel, height: taps.down * pixel }
}

test('filters take the width of the card, each tap whole pixels and large enough to be told apart', () => {
  // LeNet's second convolution: 16 filters of 6 channels.
  const second = layout(16, 6, 5)
  expect(second.perLine).toBe(6)
  expect(second.width).toBeGreaterThan(200)
  expect(second.width).toBeLessThanOrEqual(222)
  for (const [rows, columns, side] of [
    [6, 1, 5],
    [16, 6, 5],
    [32, 3, 3],
    [1, 64, 3],
    [1, 448, 3],
    [1, 448, 1],
    [96, 1, 1],
    [2, 48, 11],
  ] as const)
    for (const ratio of [1, 1.25, 1.5, 2, 3]) {
      const { device, pixel, width, height, perLine } = layout(rows, columns, side, ratio)
      expect(Number.isInteger(device)).toBe(true)
      expect(pixel).toBeGreaterThan(3.5)
      expect(Math.max(width, height) * ratio).toBeLessThanOrEqual(16_384)
      // Only a table, whose columns mean something, is wider than the card.
      if (rows === 1 || columns === 1) expect(width).toBeLessThanOrEqual(222 * 1.15)
      else expect(perLine).toBe(columns)
    }
})
