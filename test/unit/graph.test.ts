import { expect, test } from 'vitest'
import { storeAlike } from '../../src/graph/alike.ts'
import { fuse } from '../../src/graph/fuse.ts'
import { callsOf, is, valuesOf, type Value } from '../../src/graph/graph.ts'
import { operations } from '../../src/graph/operations/index.ts'
import { showRows, showWhole } from '../../src/graph/shown.ts'
import { placeByLifetime } from '../../src/graph/memory.ts'
import { anatomyOf } from '../../src/model/anatomy.ts'
import { evaluationGraph, trainingGraph, type NetworkGraph } from '../../src/graph/training-graph.ts'
import type { Problem } from '../../src/kernels/problem.ts'
import { batchNorm, concat, dense, dropout, elu, gelu, layerNorm, relu, residual, sequential, tanh } from '../../src/model/layers.ts'

const network = sequential(
  [6],
  [
    dense(8),
    tanh(),
    residual([dense(8), batchNorm(), relu(), dense(8)]),
    elu(),
    concat([[], [dense(4), gelu(), dropout(0.2)]]),
    layerNorm(),
    dense(3),
  ],
)
const kept = ({ rowResult }: NetworkGraph) => new Set([rowResult])

/** The first and last node that touches each value. */
function lifetimes({ graph }: NetworkGraph) {
  const times = new Map<Value, [number, number]>()
  const made = new Set(graph.nodes.flatMap((node) => valuesOf(node.outputs)))
  graph.nodes.forEach((node, i) => {
    for (const value of [...valuesOf(node.inputs), ...valuesOf(node.outputs)])
      times.set(value, [times.get(value)?.[0] ?? (made.has(value) ? i : 0), i])
  })
  return times
}

for (const [name, make] of [
  ['training', () => trainingGraph(network, 'crossEntropy', 16)],
  ['evaluation', () => evaluationGraph(network, 'crossEntropy', 16)],
] as const)
  test(`${name}: values that live at the same time never share memory, and memory is shared`, () => {
    const made = make()
    fuse(made.graph, new Set())
    const { slots, sizes } = placeByLifetime(made.graph, kept(made))
    const times = lifetimes(made)
    const placed = [...slots]
    for (const [a, slotA] of placed)
      for (const [b, slotB] of placed) {
        if (a.id >= b.id || slotA !== slotB) continue
        const [[firstA, lastA], [firstB, lastB]] = [times.get(a)!, times.get(b)!]
        expect(
          lastA < firstB || lastB < firstA,
          `${a.name} [${firstA}, ${lastA}] and ${b.name} [${firstB}, ${lastB}] share slot ${slotA}`,
        ).toBe(true)
        expect([a, b].some((value) => kept(made).has(value) && times.get(value)![1] < Math.max(firstA, firstB))).toBe(false)
      }
    expect(sizes.length).toBeLessThan(placed.length)
  })

test('every node reads only what was made before it', () => {
  const made = trainingGraph(network, 'mse', 4)
  fuse(made.graph, new Set())
  const known = new Set<Value>([made.lowered.input, made.target])
  const early: string[] = []
  for (const node of made.graph.nodes) {
    const temporary = valuesOf(node.inputs).filter(({ role }) => role === 'activation' || role === 'saved')
    early.push(...temporary.filter((input) => !known.has(input)).map((input) => `${node.path} ${node.operation.name} reads ${input.name}`))
    for (const output of valuesOf(node.outputs)) known.add(output)
  }
  expect(early).toEqual([])
})

test('every parameter gets exactly one gradient', () => {
  const { graph, lowered } = trainingGraph(network, 'crossEntropy', 4)
  const gradients = graph.nodes.flatMap((node) =>
    valuesOf(node.outputs)
      .filter((value) => value.role === 'parameterGradient')
      .map(({ name }) => name),
  )
  const trainable = [...lowered.parameters.values()].filter(({ role }) => role === 'parameter').map(({ name }) => name)
  expect(gradients.toSorted()).toEqual(trainable.toSorted())
})

test('fusion takes every activation into the product before it, and stores what lies between only where somebody looks', () => {
  const layers = sequential([4], [dense(5), tanh(), dense(5), gelu(), dense(2)])
  const plain = trainingGraph(layers, 'mse', 4)
  fuse(plain.graph, new Set())
  expect(plain.graph.nodes.some((node) => is(node, operations.activation) || is(node, operations.activationDerivative))).toBe(false)
  const stores = ({ graph }: NetworkGraph) =>
    graph.nodes.filter((node) => is(node, operations.linear)).map(({ outputs }) => valuesOf(outputs).length)
  expect(stores(plain)).toEqual([1, 2, 1]) // gelu's derivative is taken from its input
  const watched = trainingGraph(layers, 'mse', 4)
  fuse(watched.graph, new Set(watched.lowered.outputs.values()))
  expect(stores(watched)).toEqual([2, 2, 1])
})

/** The names of the products that a graph needs, as the tuner knows them. */
function problemsOf({ graph }: NetworkGraph): string[] {
  const names: string[] = []
  const choose = (problem: Problem) => (names.push(problem.name), problem.plain.kernel)
  for (const node of graph.nodes) callsOf(node, choose)
  return names
}

for (const [rows, show, differ] of [
  ['all rows', showWhole, 3],
  ['the first rows', showRows, 1], // of what the picture has a column for, which comes after activations
] as const)
  test(`evaluation of a batch's own size needs no product that training does not have, where training shows ${rows}`, () => {
    const layers = sequential(
      [4],
      [dense(5), tanh(), residual([dense(5), relu(), dense(5)]), elu(), dense(5), batchNorm(), relu(), dense(2)],
    )
    const training = trainingGraph(layers, 'mse', 16)
    fuse(training.graph, show(training).keep)
    const evaluated = (batch: number) => {
      const evaluation = evaluationGraph(layers, 'mse', batch)
      fuse(evaluation.graph, new Set([evaluation.lowered.output]))
      const before = problemsOf(evaluation)
      storeAlike(evaluation.graph, training.graph)
      return { before, after: problemsOf(evaluation) }
    }
    const known = problemsOf(training)
    const unknown = (names: string[]) => names.filter((name) => !known.includes(name))
    const same = evaluated(16)
    expect(unknown(same.before)).toHaveLength(differ)
    expect(unknown(same.after)).toEqual([expect.stringContaining('normalize')]) // training has batch statistics
    const other = evaluated(32)
    expect(other.after).toEqual(other.before)
  })

test('the picture: columns after their activations, blocks between them, bypasses as links', () => {
  const anatomy = anatomyOf(network)
  expect(anatomy.columns.map(({ label }) => label)).toEqual([
    'input 6',
    'dense 8 · tanh',
    'dense 8 · batchNorm · relu',
    'dense 8 · + shortcut · elu',
    'dense 4 · gelu · dropout 0.2',
    'join 12 · layerNorm',
    'dense 3',
  ])
  expect(anatomy.blocks.map(({ from, to, weight }) => [from, to, weight])).toEqual([
    [0, 1, 'layers.0.weight'],
    [1, 2, 'layers.2.layers.0.weight'],
    [2, 3, 'layers.2.layers.3.weight'],
    [3, 4, 'layers.4.branches.1.0.weight'],
    [5, 6, 'layers.6.weight'],
  ])
  expect(anatomy.links).toEqual([
    { from: 1, to: 3, fromFirst: 0, toFirst: 0, count: 8 },
    { from: 3, to: 5, fromFirst: 0, toFirst: 0, count: 8 },
    { from: 4, to: 5, fromFirst: 0, toFirst: 8, count: 4 },
  ])
})

test('what arrives through each branch of a container is a value of its own, and together it is the gradient of its input', () => {
  const { graph, lowered, anatomy, gradients } = trainingGraph(network, 'crossEntropy', 4)
  expect(graph.nodes.filter((node) => is(node, operations.fork))).toEqual([])
  expect(anatomy.containers.map(({ path, from, to, first, last }) => [path, from, to, first, last])).toEqual([
    ['layers.2', 1, 3, 2, 3],
    ['layers.4', 3, 5, 4, 5],
  ])
  const [residualBlock, concatenation] = anatomy.containers
  const arrivals = residualBlock!.branches.map(({ path }) => gradients.get(lowered.branchInputs.get(path)!)!)
  expect(residualBlock!.branches.map(({ isBypass }) => isBypass)).toEqual([false, true])
  // Around the layers flows the gradient of the sum itself.
  expect(arrivals[1]).toBe(gradients.get(lowered.outputs.get('layers.2')!))
  expect(arrivals[0]).not.toBe(arrivals[1])
  const sum = graph.producer(gradients.get(lowered.outputs.get('layers.1')!)!)!
  expect(sum.operation).toBe(operations.add)
  expect(new Set(valuesOf(sum.inputs))).toEqual(new Set(arrivals))
  expect(graph.producer(gradients.get(lowered.branchInputs.get(concatenation!.branches[0]!.path)!)!)!.operation).toBe(operations.slice)
})

test('what is not in a graph cannot be taken out of it, and takes nothing with it', () => {
  const { graph } = trainingGraph(network, 'mse', 4)
  const [first] = graph.nodes
  const before = graph.nodes.slice()
  graph.remove(first!)
  expect(graph.nodes).toEqual(before.slice(1))
  expect(() => graph.remove(first!)).toThrow(`${first!.operation.name} at ${first!.path} is not in the graph`)
  expect(graph.nodes).toEqual(before.slice(1))
})
