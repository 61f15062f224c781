import { parametersOf } from '../../src/model/shapes.ts'
import { expect, test } from 'vitest'
import {
  checkActivationsFit,
  checkBatchFits,
  checkParametersFit,
  largestFittingBatch,
  largestValue,
  noMemoryFor,
} from '../../src/graph/limits.ts'
import { trainingGraph } from '../../src/graph/training-graph.ts'
import { modelFormat, type ModelFile } from '../../src/model/types.ts'

const model = (units: number): ModelFile => ({
  format: modelFormat,
  input: [784],
  layers: [{ type: 'dense', units }, { type: 'tanh' }, { type: 'dense', units: 10 }],
  loss: 'crossEntropy',
  optimizer: { type: 'adam', learningRate: 0.001 },
  batchSize: 32,
  seed: 1,
})
const limit = 2 ** 30

test('parameters that fit no buffer are refused by name, with their moments counted', () => {
  checkParametersFit(parametersOf(model(100_000)), 2, limit)
  expect(() => checkParametersFit(parametersOf(model(200_000)), 2, limit)).toThrow(
    'layers.0.weight of 200000 × 784 takes 627 MB, and all parameters with their optimizer state 1.91 GB, expected at most 1.07 GB, what this adapter allows in one buffer',
  )
  checkParametersFit(parametersOf(model(200_000)), 0, limit)
})

test('where a weight is too large by what comes into it, the layer that makes so much is named', () => {
  const wide = { ...model(99_999_999), input: [2] }
  expect(() => checkParametersFit(parametersOf(wide), 2, limit)).toThrow('layers.0.weight of 99999999 × 2 takes 800 MB')
  // The data's own width is of no layer.
  expect(() => checkParametersFit(parametersOf({ ...model(10), input: [99_999_999] }), 2, limit)).toThrow(
    'layers.0.weight of 10 × 99999999',
  )
})

test('activations that fit no buffer are refused with their layer', () => {
  const { graph } = trainingGraph(model(300_000), 'crossEntropy', 32)
  checkActivationsFit(graph, 4 * 32 * 300_000)
  expect(() => checkActivationsFit(graph, 4 * 32 * 300_000 - 1)).toThrow(
    'layers.0 makes 32 × 300000 numbers for a batch, 38.4 MB, expected at most 38.4 MB, what this adapter allows in one buffer',
  )
})

test('the batch that fits is found by planning smaller ones', () => {
  const asked: number[] = []
  const bytesOf = (batch: number) => {
    asked.push(batch)
    return 100 * batch + 7
  }
  expect(largestFittingBatch(5000, 123_456, bytesOf)).toBe(1234)
  expect(asked.length).toBeLessThan(15)
  expect(largestFittingBatch(5000, 500_007, bytesOf)).toBe(5000)
  expect(largestFittingBatch(5000, 106, bytesOf)).toBe(0)
  expect(largestFittingBatch(1, 107, bytesOf)).toBe(1)
})

test('a batch that fits no buffer is refused with the bytes it needs, those it may have, and the batch that fits', () => {
  const largestOf = (units: number) => (batch: number) => largestValue(trainingGraph(model(units), 'crossEntropy', batch).graph)
  checkBatchFits(32, 4 * 32 * 3000, largestOf(3000))
  expect(() => checkBatchFits(32, 4 * 20 * 3000 + 5, largestOf(3000))).toThrow(
    'batchSize is 32, but layers.0 makes 32 × 3000 numbers for a batch, 384 KB, expected at most 240 KB, what this adapter allows in one buffer: a batchSize of 20 fits',
  )
  expect(() => checkBatchFits(32, 4 * 2999, largestOf(3000))).toThrow('not even a batch of 1 fits')
  expect(() => checkBatchFits(32, 4 * 784, largestOf(3))).toThrow(
    'the input makes 32 × 784 numbers for a batch, 100 KB, expected at most 3.14 KB, what this adapter allows in one buffer: a batchSize of 1 fits',
  )
})

test('where the adapter has no memory left, what the batch and half of it need is told', () => {
  expect(noMemoryFor(64, (batch) => batch * 1e8).message).toBe(
    'batchSize is 64, whose activations need 6.40 GB at once, more than this adapter has left; a batchSize of 32 needs 3.20 GB',
  )
  expect(noMemoryFor(1, () => 5e9).message).toBe('batchSize is 1, whose activations need 5.00 GB at once, more than this adapter has left')
})
