import { expect, test } from 'vitest'
import { positionWords } from '../../src/app/stage/picture-keys.ts'
import { begin, walk, type Position, type Way } from '../../src/app/stage/walk.ts'
import type { Observation, TensorView } from '../../src/graph/observation.ts'
import { avgPool2d, conv2d, dense, flatten, residual, tanh } from '../../src/model/layers.ts'
import type { Layer } from '../../src/model/types.ts'
import { observed } from './observed.ts'

/** With the shapes that a trainer would give the weights. */
function network(input: number[], layers: Layer[]): Observation {
  const all = observed(input, layers)
  const nodes = (column: number) => all.columns[column]!.shape[0]!
  return {
    ...all,
    blocks: all.blocks.map((block) => ({ ...block, gradient: { shape: [nodes(block.to), nodes(block.from)] } as TensorView })),
  }
}
const go = (net: Observation, place: Position, ...ways: Way[]) => ways.reduce((at, way) => walk(net, at, way), place)

test('from the input a walk leads along weights to the output, and back the same way', () => {
  const net = network([2], [dense(3), tanh(), dense(1)])
  const start = begin(net)
  expect(start).toMatchObject({ kind: 'neuron', column: 0, index: 0 })
  const edge = go(net, start, 'on')
  expect(edge).toMatchObject({ kind: 'edge', block: 0, column: 0, row: 1, from: 0, to: 1 })
  expect(go(net, edge, 'on')).toMatchObject({ kind: 'neuron', column: 1, index: 1 })
  expect(go(net, edge, 'next', 'on', 'previous')).toMatchObject({ kind: 'neuron', column: 1, index: 1 })
  expect(go(net, start, 'on', 'on', 'on', 'on', 'on')).toMatchObject({ kind: 'neuron', column: 2, index: 0 })
  expect(go(net, start, 'last', 'back', 'back', 'back', 'back', 'back')).toMatchObject({ kind: 'neuron', column: 0 })
  expect(go(net, start, 'previous')).toEqual(start)
})

test('every neuron and every weight of any network can be reached, and no step leaves it', () => {
  const images = [conv2d(4, 3, { padding: 1 }), avgPool2d(2), residual([conv2d(4, 3, { padding: 1 })]), flatten(), dense(3)]
  for (const net of [network([3], [dense(4), tanh(), dense(2)]), network([2, 4, 4], images)]) {
    const known = new Map<string, Position>()
    const open = [begin(net)]
    for (let place = open.pop(); place; place = open.pop()) {
      const name = JSON.stringify(place)
      if (known.has(name)) continue
      known.set(name, place)
      if (place.kind === 'neuron') expect(place.index).toBeLessThan(net.columns[place.column]!.width)
      for (const way of ['on', 'back', 'next', 'previous', 'first', 'last'] as const) open.push(walk(net, place, way))
    }
    const places = [...known.values()]
    for (const [column, { shape }] of net.columns.entries())
      expect(places.filter((place) => place.kind === 'neuron' && place.column === column).length).toBe(shape[0])
    for (const [block, { gradient }] of net.blocks.entries())
      expect(places.filter((place) => place.kind === 'edge' && place.block === block).length).toBe(gradient.shape[0]! * gradient.shape[1]!)
  }
})

test('what is told says where one is and what stands there', () => {
  const net = network([2], [dense(8), tanh(), dense(1)])
  const names = new Map([['layers.0', 'Dense 1']])
  const neuron: Position = { kind: 'neuron', column: 1, path: 'layers.1', index: 4 }
  const values = { kind: 'neuron', activation: 0.31, gradient: -0.002 } as const
  expect(positionWords(neuron, values, net, names)).toBe('Dense 1, neuron 5: activation 0.310, gradient −0.00200')
  expect(positionWords(neuron, values, { ...net, step: 0 }, names)).toBe('Dense 1, neuron 5: no value yet: no step is done')
  const edge: Position = { kind: 'edge', block: 0, path: 'layers.0.weight', row: 4, column: 1, from: 0, to: 1 }
  const weight = { kind: 'edge', weight: 1.5, gradient: 0.25 } as const
  expect(positionWords(edge, weight, net, names)).toBe('Weight from Input, neuron 2 to Dense 1, neuron 5: value 1.50, gradient 0.250')
})
