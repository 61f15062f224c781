import { expect, test } from 'vitest'
import { fuse } from '../../src/graph/fuse.ts'
import { flopsOf as flopsOfNode } from '../../src/graph/graph.ts'
import { halve } from '../../src/graph/halve.ts'
import { mergeSums } from '../../src/graph/merge-sums.ts'
import { operations } from '../../src/graph/operations/index.ts'
import { evaluationGraph, trainingGraph, type NetworkGraph } from '../../src/graph/training-graph.ts'
import {
  avgPool2d,
  batchNorm,
  concat,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAvgPool2d,
  layerNorm,
  maxPool2d,
  relu,
  residual,
  sequential,
  sigmoid,
  tanh,
} from '../../src/model/layers.ts'
import { modelFormat, type ModelFile } from '../../src/model/types.ts'
import { flopsOf } from '../../src/train/cost.ts'

const work = ({ graph }: NetworkGraph) => graph.nodes.reduce((sum, node) => sum + flopsOfNode(node), 0)

test('the work of a step is that of its products, activations, sums and loss', () => {
  const network = sequential([3], [dense(5), tanh(), dense(2)])
  const forward = 4 * 5 * (2 * 3 + 1) + 20 + 4 * 2 * (2 * 5 + 1)
  const backward = 2 * 5 * (2 * 4) + 8 + 4 * 5 * (2 * 2) + 2 * 20 + 5 * 3 * (2 * 4) + 20
  const step = trainingGraph(network, 'mse', 4)
  expect(work(step)).toBe(forward + 8 * 4 + backward)
  expect(work(evaluationGraph(network, 'mse', 4))).toBe(forward + 8 * 2)
  const model: ModelFile = {
    format: modelFormat,
    ...network,
    loss: 'mse',
    optimizer: { type: 'sgd', learningRate: 1 },
    batchSize: 4,
    seed: 1,
  }
  expect(flopsOf(model, step.graph, 32)).toBe(work(step) + 2 * 32)
  // three batches a step, whose gradients are added up, clipped, and decay the weights
  const more: ModelFile = { ...model, accumulate: 3, clipNorm: 1, optimizer: { type: 'sgd', learningRate: 1, weightDecay: 0.1 } }
  expect(flopsOf(more, step.graph, 32)).toBe(3 * work(step) + (3 + 3 + 4) * 32)
})

const layers = [
  conv2d(4, 3, { padding: 1 }),
  batchNorm(),
  relu(),
  maxPool2d(2),
  residual([conv2d(4, 3, { padding: 1 }), tanh()]),
  concat([[conv2d(2, 1)], [avgPool2d(1)]]),
  concat([[globalAvgPool2d()], [flatten(), dense(6), layerNorm(), dropout(0.2)]]),
  dense(3),
  sigmoid(),
]

test('every operation says what its work is, and no pass over the graph changes it', () => {
  const made = () => trainingGraph(sequential([2, 8, 8], layers), 'binaryCrossEntropy', 16)
  const [plain, fused] = [made(), made()]
  fuse(fused.graph, new Set())
  mergeSums(fused.graph)
  expect(fused.graph.nodes.length).toBeLessThan(plain.graph.nodes.length)
  expect(work(fused)).toBe(work(plain))
  halve(fused.graph)
  expect(work(fused)).toBeGreaterThan(work(plain))
  const evaluation = () => evaluationGraph(sequential([2, 8, 8], layers), 'binaryCrossEntropy', 16)
  const [plainEvaluation, fusedEvaluation] = [evaluation(), evaluation()]
  fuse(fusedEvaluation.graph, new Set())
  expect(work(fusedEvaluation)).toBe(work(plainEvaluation))
  const nodes = [...plain.graph.nodes, ...fused.graph.nodes, ...plainEvaluation.graph.nodes]
  for (const node of nodes) expect(flopsOfNode(node), node.operation.name).toBeGreaterThanOrEqual(0)
  // forks are taken out, rows are put in where a picture is drawn
  const met = new Set<unknown>([...nodes.map(({ operation }) => operation), operations.fork, operations.rows])
  expect(Object.values(operations).filter((operation) => !met.has(operation))).toEqual([])
})
