import { expect, test } from 'vitest'
import type { Observation } from '../../src/graph/observation.ts'
import {
  avgPool2d,
  batchNorm,
  concat,
  conv2d,
  dense,
  flatten,
  globalAvgPool2d,
  maxPool2d,
  relu,
  residual,
  tanh,
} from '../../src/model/layers.ts'
import type { Layer } from '../../src/model/types.ts'
import { depthsOf } from '../../src/view/depths.ts'
import { collapse, openByDefault } from '../../src/view/collapse.ts'
import { arrange } from '../../src/view/arrangement.ts'
import { observed } from './observed.ts'

const normed = () => [batchNorm(), relu()]
const block = (filters: number, stride: number): Layer =>
  residual(
    [conv2d(filters, 3, { padding: 1, stride, bias: false }), ...normed(), conv2d(filters, 3, { padding: 1, bias: false }), batchNorm()],
    ...(stride > 1 ? [[conv2d(filters, 1, { stride, bias: false }), batchNorm()]] : []),
  )
const resnet20 = observed(
  [1, 28, 28],
  [
    conv2d(16, 3, { padding: 1 }),
    ...normed(),
    ...[16, 32, 64].flatMap((filters, stage) => [0, 1, 2].flatMap((i) => [block(filters, stage > 0 && i === 0 ? 2 : 1), relu()])),
    globalAvgPool2d(),
    dense(10),
  ],
)
const denseLayers = (count: number): Layer[] =>
  Array.from({ length: count }, () => concat([[], [...normed(), conv2d(12, 3, { padding: 1, bias: false })]]))
const densenet40 = observed(
  [1, 28, 28],
  [
    conv2d(16, 3, { padding: 1 }),
    ...denseLayers(12),
    ...normed(),
    conv2d(160, 1),
    avgPool2d(2),
    ...denseLayers(12),
    ...normed(),
    conv2d(304, 1),
    avgPool2d(2),
    ...denseLayers(12),
    ...normed(),
    globalAvgPool2d(),
    dense(10),
  ],
)
const lenet = observed(
  [1, 28, 28],
  [conv2d(6, 5, { padding: 2 }), tanh(), avgPool2d(2), conv2d(16, 5), tanh(), avgPool2d(2), flatten(), dense(10)],
)

const labels = ({ columns }: Observation) => columns.map(({ label }) => label)

test('a small network stands open: nothing of it changes', () => {
  const shown = collapse(lenet, openByDefault(lenet))
  expect(shown.groups).toEqual([])
  expect({ ...shown, groups: undefined }).toEqual({ ...lenet, groups: undefined })
})

test('ResNet-20 opens its stages and keeps its blocks folded', () => {
  const shown = collapse(resnet20, openByDefault(resnet20))
  expect(shown.groups.filter(({ isOpen }) => isOpen).map(({ label }) => label)).toEqual(Array(3).fill('3 × residual'))
  expect(labels(shown)).toEqual([
    'input 28 × 28',
    'conv2d 16 of 3 × 3 · batchNorm · relu',
    ...Array(3).fill('residual · 16 of 28 × 28'),
    ...Array(3).fill('residual · 32 of 14 × 14'),
    ...Array(3).fill('residual · 64 of 7 × 7'),
    'globalAvgPool2d',
    'dense 10',
  ])
  // One after another, with both branches of each block to be compared.
  expect(depthsOf(shown)).toEqual(shown.columns.map((_, i) => i))
  expect(shown.containers.map(({ from, to, branches }) => [from, to, branches.length])).toEqual(
    Array.from({ length: 9 }, (_, i) => [i + 1, i + 2, 2]),
  )
  expect(shown.containers.map(({ branches }) => branches.map(({ isBypass }) => isBypass))).toEqual(
    [0, 1, 2].flatMap((stage) => [
      [false, stage === 0],
      [false, true],
      [false, true],
    ]),
  )
})

test('DenseNet-40 is a dozen columns, its dense blocks one each, and opens block by block', () => {
  const open = openByDefault(densenet40)
  const shown = collapse(densenet40, open)
  expect(labels(shown)).toEqual([
    'input 28 × 28',
    'conv2d 16 of 3 × 3',
    '12 × concat · 160 of 28 × 28',
    'conv2d 160 of 1 × 1',
    'avgPool2d 2',
    '12 × concat · 304 of 14 × 14',
    'conv2d 304 of 1 × 1',
    'avgPool2d 2',
    '12 × concat · 448 of 7 × 7',
    'globalAvgPool2d',
    'dense 10',
  ])
  const [first] = shown.groups
  const opened = collapse(densenet40, new Set([...open, first!.path]))
  expect(opened.columns.length).toBe(shown.columns.length + 11)
  expect(opened.groups.filter(({ isOpen }) => isOpen).map(({ path }) => path)).toEqual([first!.path])
  expect(opened.containers.length).toBe(12 + 2)
})

test('tiles are few in what is folded and bounded in what is open', () => {
  const shown = collapse(densenet40, openByDefault(densenet40))
  const { tiles, nodes } = arrange(shown, false, 3)
  expect(shown.columns.map((_, i) => tiles.filter(({ column }) => column === i).length)).toEqual([1, 16, 16, 64, 64, 16, 64, 64, 16, 0, 0])
  // Channels without a tile stand where the one that stands for them is.
  expect(nodes.length / 4).toBe(shown.columns.reduce((sum, { shape }) => sum + shape[0]!, 0))
  for (const { node, centre } of tiles) expect([...nodes.subarray(4 * node, 4 * node + 3)]).toEqual(Object.values(centre).map(Math.fround))
})

test('whatever is folded, everything refers to columns that are shown, in the order of the computation', () => {
  const inception = observed(
    [3, 8, 8],
    [
      conv2d(4, 3, { padding: 1 }),
      relu(),
      concat([
        [conv2d(2, 1)],
        [conv2d(2, 1), conv2d(3, 3, { padding: 1 })],
        [maxPool2d(3, { stride: 1, padding: 1 }), residual([conv2d(4, 3, { padding: 1 })])],
      ]),
      flatten(),
      dense(3),
    ],
  )
  for (const network of [lenet, resnet20, densenet40, inception]) {
    const everything = collapse(network, new Set()).groups.map(({ path }) => path)
    const paths = new Set(everything)
    for (let grew = true; grew;) {
      const { groups } = collapse(network, paths)
      const before = paths.size
      for (const { path } of groups) paths.add(path)
      grew = paths.size > before
    }
    expect({ ...collapse(network, paths), groups: undefined }).toEqual({ ...network, groups: undefined })
    for (const closed of paths) {
      const open = new Set([...paths].filter((path) => path !== closed))
      const shown = collapse(network, open)
      const { columns, blocks, links, containers, groups } = shown
      const depths = depthsOf(shown)
      expect(columns.length).toBeLessThanOrEqual(network.columns.length)
      const after = columns.flatMap((column, to) => (column.after === undefined ? [] : [{ from: column.after, to }]))
      for (const { from, to } of [...blocks, ...links, ...containers, ...after]) {
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeLessThan(columns.length)
        expect(depths[from]).toBeLessThan(depths[to]!)
      }
      // Nothing but the input stands alone.
      const reached = new Set([...blocks, ...links, ...after].map(({ to }) => to))
      expect(columns.map((_, i) => i).filter((i) => !reached.has(i))).toEqual([0])
      expect(groups.find(({ path }) => path === closed)?.isOpen).toBe(false)
    }
  }
})
