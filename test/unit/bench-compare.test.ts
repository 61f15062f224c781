import { expect, test } from 'vitest'
import { comparison, onlyThere } from '../../bench/compare.ts'
import { benchFormat, type BenchResult, type Row } from '../../bench/result.ts'

const row = (change: Partial<Row>): Row => ({
  suite: 'training',
  name: 'article',
  engine: 'gradscope',
  unit: 'steps/s',
  median: 100,
  best: 100,
  spread: 0,
  blocks: 3,
  ok: true,
  error: 0,
  ...change,
})
const run = (rows: Row[]): BenchResult => ({
  format: benchFormat,
  adapter: 'a',
  browser: 'b',
  driver: 'd',
  date: '2026-01-01T00:00:00Z',
  rows,
  ratios: [],
  numerics: [],
  notes: [],
  rounds: 3,
})

test('a row stands beside the same engine of the other run, and is faster above 1 whatever its unit', () => {
  const than = comparison(
    run([row({ median: 50 }), row({ engine: 'tfjs-webgpu', median: 4 }), row({ suite: 'view', name: 'frame-1k', unit: 'ms', median: 10 })]),
  )
  expect(than(row({}))).toEqual({ there: 50, times: 2 })
  expect(than(row({ engine: 'tfjs-webgpu', median: 2 }))).toEqual({ there: 4, times: 0.5 })
  expect(than(row({ suite: 'view', name: 'frame-1k', unit: 'ms', median: 5 }))).toEqual({ there: 10, times: 2 })
  expect(than(row({ name: 'wide' }))).toBeUndefined()
  expect(than(row({ ok: false, median: null }))).toEqual({ there: 50 })
})

test('rows that only the other run has stand empty beside its figures', () => {
  const other = run([row({}), row({ name: 'wide', median: 7 }), row({ name: 'mnist-sgd', ok: false, median: null })])
  const missing = onlyThere([row({})], other)
  expect(missing).toHaveLength(1)
  expect(missing[0]).toMatchObject({ suite: 'training', name: 'wide', engine: 'gradscope', median: null, blocks: 0 })
  expect(comparison(other)(missing[0]!)).toEqual({ there: 7 })
})

test('where the other run is PyTorch’s, its faster way stands beside gradscope', () => {
  const than = comparison(run([row({ engine: 'pytorch-cuda', median: 20 }), row({ engine: 'pytorch-cuda-graph', median: 400 })]))
  expect(than(row({}))).toEqual({ there: 400, times: 0.25 })
  expect(than(row({ engine: 'plain-js' }))).toBeUndefined()
})
