import { describe, expect, test } from 'vitest'
import { levelOf, metrics, sparkline, type MetricId } from '../../src/app/answers/health/metrics.ts'
import { rangesOf } from '../../src/app/answers/health/ranges.ts'
import { layerList, rowsOf, type Row } from '../../src/app/answers/health/rows.ts'
import type { Health, LayerHealth } from '../../src/inspect/health.ts'
import { batchNorm, conv2d, dense, flatten, maxPool2d, relu, sequential } from '../../src/model/layers.ts'
import { densenet40 } from '../../src/model/networks/index.ts'
import { placedLayers } from '../../src/model/shapes.ts'
import type { Network } from '../../src/model/types.ts'
import { observed } from './observed.ts'

const metric = (id: MetricId) => metrics.find((own) => own.id === id)!
const named = (rows: readonly Row[]) => rows.map((row) => (row.kind === 'group' ? `[${row.name}]` : row.name))
function listOf({ input, layers }: Network) {
  const types = new Map(placedLayers({ input, layers }).map(({ path, layer }) => [path, layer.type]))
  return layerList(observed(input, layers), layers, (path) => types.get(path))
}
const byDepth = { by: 'depth', down: false } as const
const all = { text: '', type: '' } as const

const small = listOf(sequential([1, 8, 8], [conv2d(4, 3), batchNorm(), relu(), maxPool2d(2), flatten(), dense(6), relu(), dense(3)]))

/** A reading in which a layer's weights have these norms; null: it has none. */
const readingOf = (norms: readonly (number | null)[]) => ({ layers: norms.map((norm) => layerOf(norm)) }) as unknown as Health
const counts = { nan: 0, infinite: 0 }
const layerOf = (weightNorm: number | null, nan = 0) =>
  ({
    ...(weightNorm !== null && { weight: { weightNorm, nonFiniteWeights: { ...counts, nan } } }),
    norms: [],
    output: { dead: null, deadShare: null, saturated: null },
  }) as unknown as LayerHealth

describe('rows', () => {
  test('a row for each column of the picture but the input, named as the rail names it', () => {
    expect(named(rowsOf(small, byDepth, all, new Set(), null))).toEqual(['Conv 1', 'maxPool2d 2', 'flatten', 'Dense 1', 'Dense 2'])
    expect(small.layers[0]).toMatchObject({ path: 'layers.0', outputPath: 'layers.2', column: 1, type: 'conv2d' })
    expect(small.types).toEqual(expect.arrayContaining(['dense', 'conv2d', 'flatten', 'maxPool2d']))
  })

  test('filtered by a text in any case, and by a kind', () => {
    expect(named(rowsOf(small, byDepth, { text: 'DENSE', type: '' }, new Set(), null))).toEqual(['Dense 1', 'Dense 2'])
    expect(named(rowsOf(small, byDepth, { text: '', type: 'conv2d' }, new Set(), null))).toEqual(['Conv 1'])
    expect(named(rowsOf(small, byDepth, { text: 'relu', type: '' }, new Set(), null))).toEqual(['Conv 1', 'Dense 1'])
    expect(rowsOf(small, byDepth, { text: 'nothing', type: '' }, new Set(), null)).toEqual([])
  })

  test('sorted by a number either way, what has none last', () => {
    const health = readingOf([3, null, null, 1, 2])
    const sorted = (down: boolean) => named(rowsOf(small, { by: 'weight', down }, all, new Set(), health))
    expect(sorted(true)).toEqual(['Conv 1', 'Dense 2', 'Dense 1', 'maxPool2d 2', 'flatten'])
    expect(sorted(false)).toEqual(['Dense 1', 'Dense 2', 'Conv 1', 'maxPool2d 2', 'flatten'])
    expect(named(rowsOf(small, { by: 'name', down: true }, all, new Set(), health))[0]).toBe('maxPool2d 2')
  })

  test('the groups of a deep network fold; sorted, its layers stand by themselves', () => {
    const deep = listOf(sequential([1, 28, 28], densenet40([1, 28, 28], 10).layers))
    expect(deep.layers.length).toBeGreaterThan(70)
    const open = rowsOf(deep, byDepth, all, new Set(), null)
    const groups = open.filter(({ kind }) => kind === 'group')
    expect(groups.length).toBeGreaterThan(2)
    expect(open.length).toBe(deep.layers.length + groups.length)
    const closed = rowsOf(deep, byDepth, all, new Set(deep.groups.keys()), null)
    expect(closed.length).toBeLessThan(20)
    expect(rowsOf(deep, { by: 'name', down: false }, all, new Set(deep.groups.keys()), null).length).toBe(deep.layers.length)
  })
})

describe('numbers', () => {
  test('outside the thresholds of the findings they are odd, and what is no number is broken', () => {
    const ranges = rangesOf({})
    expect([1e-4, 1e-2, 70, 71].map((value) => levelOf(metric('share'), value, ranges))).toEqual(['odd', 'plain', 'plain', 'odd'])
    expect([1e-6, 1e-3, 0.2].map((value) => levelOf(metric('update'), value, ranges))).toEqual(['odd', 'plain', 'odd'])
    expect([0.5, 0.51, null].map((value) => levelOf(metric('dead'), value, ranges))).toEqual(['plain', 'odd', 'plain'])
    expect([NaN, Infinity].map((value) => levelOf(metric('weight'), value, ranges))).toEqual(['broken', 'broken'])
    expect(levelOf(metric('dead'), 0.3, rangesOf({ 'dead.share': 0.25 }))).toBe('odd')
    expect(metric('weight').of(layerOf(2))).toBe(2)
    expect(metric('weight').of(layerOf(2, 1))).toBe(NaN)
  })

  test('a sparkline runs from the oldest number to the newest, by orders of magnitude or by shares', () => {
    expect(sparkline({ scale: 'log' }, [1, 10, 100], 20, 12)).toBe('0.0,11.0 10.0,6.0 20.0,1.0')
    expect(sparkline({ scale: 'share' }, [0, 1], 20, 12)).toBe('0.0,11.0 20.0,1.0')
    expect(sparkline({ scale: 'linear' }, [5, NaN, 5], 20, 12)).toBe('0.0,6.0 20.0,6.0')
    expect(sparkline({ scale: 'log' }, [0, 3], 20, 12)).toBe('')
  })
})
