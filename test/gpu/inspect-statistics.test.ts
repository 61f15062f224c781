import { expect, test } from 'vitest'
import { inspect, setUp, update } from './inspect-stage.ts'

test('layer statistics: norms, zeros, non-finite numbers and histograms of every parameter', async () => {
  const scene = await setUp([90, 70, 3], { transposed: true })
  scene.writeGradient(scene.at(0, 3, 4), 0)
  scene.writeGradient(scene.at(0, 3, 5), NaN)
  scene.writeGradient(scene.at(0, 3, 6), -Infinity)
  const inspector = inspect(scene)
  expect(await inspector.read()).toEqual([])
  update(scene, inspector)
  const statistics = await inspector.read()
  expect(statistics.map((s) => s.path)).toEqual(['layers.0.weight', 'layers.0.bias', 'layers.2.weight', 'layers.2.bias'])
  expect(statistics[0]!.zeroGradients).toBe(1)
  expect(statistics.map((s) => s.nonFiniteGradients)).toEqual([
    { nan: 1, infinite: 1 },
    { nan: 0, infinite: 0 },
    { nan: 0, infinite: 0 },
    { nan: 0, infinite: 0 },
  ])
  expect(statistics.map((s) => s.count)).toEqual([90 * 70, 70, 70 * 3, 3])
  const tensors = scene.observation.blocks.flatMap(({ gradient, to }) => [gradient, scene.observation.columns[to]!.biasGradient!])
  tensors.forEach(({ offset, size }, i) => {
    const [first, end] = [offset / 4, (offset + size) / 4]
    const sides = [
      [scene.weights, statistics[i]!.weightNorm, statistics[i]!.weightBins],
      [scene.gradients, statistics[i]!.gradientNorm, statistics[i]!.gradientBins],
    ] as const
    for (const [data, norm, bins] of sides) {
      const values = data.subarray(first, end).filter(Number.isFinite)
      expect(norm / Math.hypot(...values)).toBeCloseTo(1, 5)
      expect([bins.minimum, bins.maximum]).toEqual([Math.min(...values), Math.max(...values)])
      const counts = new Uint32Array(64)
      for (const x of values) counts[Math.min(63, Math.floor((64 * (x - bins.minimum)) / (bins.maximum - bins.minimum)))]!++
      // A value on the border of two bins may fall on either side of it.
      expect(bins.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length)
      expect(bins.counts.reduce((sum, count, bin) => sum + Math.abs(count - counts[bin]!), 0)).toBeLessThanOrEqual(8)
    }
  })
  expect(scene.errors).toEqual([])
})

test('norms of vanishing and exploding gradients neither underflow nor overflow', async () => {
  const scene = await setUp([20, 20, 20], { gradient: (_, layer) => (layer === 0 ? 1e-30 : 1e30) })
  const inspector = inspect(scene)
  update(scene, inspector)
  const [vanishing, , exploding] = await inspector.read()
  expect(vanishing!.gradientNorm / 2e-29).toBeCloseTo(1, 5)
  expect(exploding!.gradientNorm / 2e31).toBeCloseTo(1, 5)
})

const largest = 3.4028234663852886e38
const extremes: [string, (i: number) => number][] = [
  ['all NaN', () => NaN],
  ['all infinite', (i) => (i % 2 ? Infinity : -Infinity)],
  ['NaN, infinite and finite', (i) => [NaN, Infinity, -Infinity, 1, -2, 0, -0][i % 7]!],
  ['the largest numbers', (i) => (i % 2 ? largest : -largest)],
  ['1e38 and 1e-38', (i) => (i % 3 ? 1e38 : -1e-38)],
  ['from 1e-38 to 1e38', (i) => (i % 2 ? 1 : -1) * 10 ** ((i % 77) - 38)],
  ['1e-38', (i) => (i % 5) * 1e-38],
  ['around the smallest normal number', (i) => (1 + (i % 9) / 4) * 1.1754943508222875e-38 * (i % 2 ? 0.5 : -1)],
  ['subnormal', (i) => (i % 11) * -1e-42],
  ['the smallest number', (i) => (i % 2 ? 1.401298464324817e-45 : -1.401298464324817e-45)],
]

test.each(extremes)('statistics of %s are those of float64', async (_, valueOf) => {
  const scene = await setUp([37, 23])
  const block = scene.observation.blocks[0]!
  for (let i = 0; i < 37 * 23; i++) scene.writeGradient(block.gradient.offset / 4 + i, Math.fround(valueOf(i)))
  const inspector = inspect(scene)
  update(scene, inspector)
  const [statistics] = await inspector.read()
  const values = Array.from({ length: 37 * 23 }, (_value, i) => Math.fround(valueOf(i)))
  const finite = values.filter(Number.isFinite)
  expect(statistics!.nonFiniteGradients).toEqual({
    nan: values.filter(Number.isNaN).length,
    infinite: values.filter((x) => Math.abs(x) === Infinity).length,
  })
  expect(statistics!.nonFiniteWeights).toEqual({ nan: 0, infinite: 0 })
  expect(statistics!.zeroGradients).toBe(values.filter((x) => x === 0).length)
  const norm = Math.hypot(...finite)
  expect(Math.abs(statistics!.gradientNorm - norm)).toBeLessThanOrEqual(1e-6 * norm)
  const { minimum, maximum, counts } = statistics!.gradientBins
  expect([minimum, maximum].map((x) => x + 0)).toEqual(finite.length ? [Math.min(...finite) + 0, Math.max(...finite) + 0] : [0, 0])
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(finite.length)
  if (maximum > minimum) expect([counts[0], counts[63]].every((count) => count! > 0)).toBe(true)
  expect(scene.errors).toEqual([])
})

test('infinite weights are told apart from gradients that are NaN', async () => {
  const scene = await setUp([4, 3])
  scene.writeWeight(scene.at(0, 1, 2), -Infinity)
  scene.writeWeight(scene.at(0, 2, 0), NaN)
  scene.writeWeight(scene.at(0, 2, 1), Infinity)
  const inspector = inspect(scene)
  update(scene, inspector)
  const [weight, bias] = await inspector.read()
  expect([weight!.nonFiniteWeights, weight!.nonFiniteGradients]).toEqual([
    { nan: 1, infinite: 2 },
    { nan: 0, infinite: 0 },
  ])
  expect(bias!.nonFiniteWeights).toEqual({ nan: 0, infinite: 0 })
  expect(Number.isFinite(weight!.gradientNorm)).toBe(true)
})
