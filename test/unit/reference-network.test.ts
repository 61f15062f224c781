import { parametersOf } from '../../src/model/shapes.ts'
import { expect, test } from 'vitest'
import { activate } from '../../src/kernels/reference/activation.ts'
import { initialize } from '../../src/kernels/reference/initialize.ts'
import { loss } from '../../src/kernels/reference/loss.ts'
import {
  batchNorm,
  concat,
  dense,
  dropout,
  elu,
  flatten,
  gelu,
  layerNorm,
  leakyRelu,
  residual,
  sequential,
  sigmoid,
  silu,
  softplus,
  tanh,
} from '../../src/model/layers.ts'
import { sizeOf } from '../../src/model/shape.ts'
import type { Layer } from '../../src/model/types.ts'
import { largestDifference, numericalGradient, testNumbers } from '../reference/differences.ts'
import { forwardLayers, layersOfLogits, type Pass } from '../reference/network.ts'

const network = sequential(
  [2, 2, 2],
  [
    batchNorm(),
    flatten(),
    dense(5),
    silu(),
    dropout(0.3),
    residual([dense(5), layerNorm(), gelu()]),
    residual([dense(4, { bias: false }), tanh()], [dense(4), elu()]),
    concat([[], [dense(3), softplus()], [leakyRelu()]]),
    dropout(0.2),
    dense(3),
  ],
)

test('without its last sigmoids a network gives logits, whose sigmoids are its outputs', () => {
  const layers = [dense(3), sigmoid(), concat([[dense(2), sigmoid()], [concat([[sigmoid()], [tanh(), sigmoid(), flatten()]])]]), flatten()]
  const ending = sequential([2], layers)
  const parameters = Object.fromEntries(
    parametersOf(ending).map(({ path, shape, initial }, ordinal) => [path, initialize(initial, sizeOf(shape), 3, ordinal)]),
  )
  const pass: Pass = { parameters, gradients: {}, training: true, rows: 2, count: 2, seed: 1, step: 1, dropouts: 0 }
  const outputOf = (of: Layer[]) => forwardLayers(of, 'layers', testNumbers(4, 5), [2], pass).output
  expect(activate('sigmoid', outputOf(layersOfLogits(layers)))).toEqual(outputOf(layers))
})

test('the gradient of a whole network by finite differences, in its parameters and its input', () => {
  const [rows, columns] = [4, 3]
  const parameters = Object.fromEntries(
    parametersOf(network).map(({ path, shape, initial }, ordinal) => [path, initialize(initial, sizeOf(shape), 3, ordinal)]),
  )
  const x = testNumbers(rows * 8, 21)
  const target = [0, 2, 1, 1]
  const passWith = (changed: Record<string, Float64Array>): Pass => ({
    parameters: { ...parameters, ...changed },
    gradients: {},
    training: true,
    rows,
    count: rows,
    seed: 1,
    step: 1,
    dropouts: 0,
  })
  const run = (input: Float64Array, pass: Pass) => {
    const { output, backward } = forwardLayers(network.layers, 'layers', input, network.input, pass)
    const { loss: value, gradient } = loss('crossEntropy', output, target, rows, columns)
    return { value, backward: () => backward(gradient) }
  }

  const pass = passWith({})
  const inputGradient = run(x, pass).backward()
  expect(
    largestDifference(
      inputGradient,
      numericalGradient((v) => run(v, passWith({})).value, x),
    ),
  ).toBeLessThan(1e-8)
  const trainable = Object.entries(parameters).filter(([path]) => !path.includes('running'))
  expect(Object.keys(pass.gradients).toSorted()).toEqual(trainable.map(([path]) => path).toSorted())
  const wrong = trainable.filter(([path, values]) => {
    const numerical = numericalGradient((v) => run(x, passWith({ [path]: v })).value, values)
    return !(largestDifference(pass.gradients[path]!, numerical) < 1e-8)
  })
  expect(wrong).toEqual([])
})
