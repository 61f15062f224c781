import { expect, test } from 'vitest'
import { checkActivationsFit, checkParametersFit } from '../../src/graph/limits.ts'
import { trainingGraph } from '../../src/graph/training-graph.ts'
import { initialValuesOf } from '../../src/model/initialize.ts'
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
  checkParametersFit(initialValuesOf(model(100_000)), 2, limit)
  expect(() => checkParametersFit(initialValuesOf(model(200_000)), 2, limit)).toThrow(
    'layers.0.weight of 200000 × 784 takes 627 MB, and all parameters with their optimizer state 1.91 GB, expected at most 1.07 GB, what this adapter allows in one buffer',
  )
  checkParametersFit(initialValuesOf(model(200_000)), 0, limit)
})

test('activations that fit no buffer are refused with their layer', () => {
  const { graph } = trainingGraph(model(300_000), 'crossEntropy', 32)
  checkActivationsFit(graph, 4 * 32 * 300_000)
  expect(() => checkActivationsFit(graph, 4 * 32 * 300_000 - 1)).toThrow(
    'layers.0 makes 32 × 300000 numbers for a batch, 38.4 MB, expected at most 38.4 MB, what this adapter allows in one buffer',
  )
})
