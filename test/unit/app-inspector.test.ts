import { describe, expect, test } from 'vitest'
import { follow } from '../../src/app/stage/follow.ts'
import { neuronName } from '../../src/app/stage/reading.ts'
import { stepWords } from '../../src/app/words/step-words.ts'
import { dense, residual, tanh } from '../../src/model/layers.ts'
import type { Optimizer } from '../../src/model/types.ts'
import { collapse, openByDefault } from '../../src/view/collapse.ts'
import type { Picked } from '../../src/view/types.ts'
import { observed } from './observed.ts'

describe('what is selected, in another picture', () => {
  const network = observed([4], [dense(4), tanh(), residual([dense(4), tanh(), dense(4)]), dense(3)])
  network.blocks.forEach(({ from, to, gradient }, i) => {
    Object.assign((network.blocks[i] = { ...network.blocks[i]! }), {
      gradient: { ...gradient, shape: [network.columns[to]!.width, network.columns[from]!.width] },
    })
  })
  const open = collapse(network, openByDefault(network))
  const collapsed = collapse(network, new Set())
  const last = open.blocks.length - 1
  const { path, from, to } = open.blocks[last]!
  const edge: Picked = { kind: 'edge', block: last, path, row: 2, column: 1, from, to }

  test('is numbered anew where groups fold, and found again', () => {
    const moved = follow(edge, open, collapsed)!
    expect(moved).not.toEqual(edge)
    expect(moved).toMatchObject({ kind: 'edge', path, row: 2, column: 1 })
    expect(follow(moved, collapsed, open)).toEqual(edge)
    const neuron: Picked = { kind: 'neuron', column: to, path: open.columns[to]!.path, index: 1 }
    expect(follow(follow(neuron, open, collapsed)!, collapsed, open)).toEqual(neuron)
    const branch: Picked = { kind: 'path', container: 0, branch: 1, path: open.containers[0]!.branches[1]!.path }
    expect(follow(branch, open, open)).toEqual(branch)
  })

  test('is gone where it is folded away, or where another size or place has its path', () => {
    const within = open.blocks.findIndex((block) => !collapsed.blocks.some((other) => other.path === block.path))
    const inner = open.blocks[within]!
    expect(
      follow({ kind: 'edge', block: within, path: inner.path, row: 0, column: 0, from: inner.from, to: inner.to }, open, collapsed),
    ).toBe(null)
    const smaller = { ...open, columns: open.columns.map((column) => ({ ...column, shape: [2], width: 2 })) }
    expect(follow(edge, open, smaller)).toBe(null)
    expect(follow({ kind: 'neuron', column: to, path: open.columns[to]!.path, index: 1 }, open, smaller)).toBe(null)
    expect(follow({ kind: 'path', container: 0, branch: 1, path: 'layers.2.shortcut' }, open, { ...open, containers: [] })).toBe(null)
  })
})

test('neurons go by the data’s own names where it has some', () => {
  const { columns } = observed([4], [dense(8), tanh(), dense(3)])
  const iris = { names: () => ({ inputs: ['sepal_length', 'sepal_width'], outputs: ['setosa', 'versicolor', 'virginica'] }) }
  const name = (source: Parameters<typeof neuronName>[0], column: number, index: number) => neuronName(source, { columns }, column, index)
  expect(name(iris, 0, 1)).toBe('input sepal_width')
  expect(name(iris, 0, 3)).toBe('input 4')
  expect(name(iris, 1, 4)).toBe('dense 8 · tanh, neuron 5')
  expect(name(iris, 2, 2)).toBe('output virginica')
  const nameless = { names: () => ({ inputs: [], outputs: [] }) }
  expect(name(nameless, 2, 2)).toBe('dense 3, neuron 3')
})

test('what a step makes of a gradient is said of the optimizer at hand', () => {
  const words = (optimizer: Optimizer, clipNorm?: number) =>
    stepWords({ optimizer, ...(clipNorm !== undefined && { clipNorm }) }, optimizer.learningRate, 0.5)
  expect(words({ type: 'sgd', learningRate: 0.1 })).toBe('SGD: a step at rate 0.1 changes it by −0.0500.')
  expect(words({ type: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 }, 1)).toBe(
    'SGD: a step at rate 0.1 changes it by −0.0500, not counting momentum, weight decay and clipping.',
  )
  for (const type of ['adam', 'adamw', 'rmsprop', 'adagrad'] as const) {
    const said = words({ type, learningRate: 0.002 })
    // Such a step is not the rate times the gradient: that number would be a lie.
    expect(said).toMatch(new RegExp(`^${type}`, 'i'))
    expect(said).toContain('0.002')
    expect(said).not.toContain('0.00100')
  }
})
