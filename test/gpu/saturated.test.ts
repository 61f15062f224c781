import { parametersOf } from '../../src/model/shapes.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readBuffer } from '../../src/gpu/readback.ts'
import { initialize } from '../../src/kernels/reference/initialize.ts'
import { loss, probabilityGradient } from '../../src/kernels/reference/loss.ts'
import {
  concat,
  conv2d,
  createEngine,
  dense,
  flatten,
  sequential,
  sgd,
  sigmoid,
  tanh,
  type Dataset,
  type Engine,
  type Network,
  type TrainerOptions,
} from '../../src/index.ts'
import { forwardLayers, layersOfLogits, type Pass } from '../reference/network.ts'
import { expectClose, randomNumbers } from './harness.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const [rows, columns] = [12, 4]
/** Logits that a sigmoid in float32 rounds to 0 or 1, some beyond the clamp of the loss, with targets on either side. */
const biases = [-200, 30, 17, -60]
const target = Float32Array.from({ length: rows * columns }, (_, i) => ((i >> 2) + i) % 2)

function samplesOf(network: Network): Dataset {
  const width = network.input.reduce((product, n) => product * n, 1)
  return { name: 'noise', inputShape: network.input, outputs: columns, train: { count: rows, x: randomNumbers(rows * width), y: target } }
}

/** The network's first parameters, its last biases as above. */
function saturatedParameters(network: Network): Record<string, Float32Array<ArrayBuffer>> {
  const values = parametersOf(network).map(({ path, shape, initial }, ordinal) => {
    const count = shape.reduce((product, n) => product * n, 1)
    return [path, Float32Array.from(initialize(initial, count, 3, ordinal))] as const
  })
  const parameters = Object.fromEntries(values)
  const last = values.filter(([path]) => path.endsWith('bias')).slice(network.layers.at(-1)!.type === 'concat' ? -2 : -1)
  let at = 0
  for (const [path, { length }] of last) {
    parameters[path] = Float32Array.from({ length }, () => biases[at++ % columns]!)
  }
  return parameters
}

/** Loss, gradients by parameter, probabilities, and the gradients of these and of the logits, in float64. */
function reference(network: Network, { train }: Dataset, parameters: Record<string, Float32Array>) {
  const exact = Object.fromEntries(Object.entries(parameters).map(([path, values]) => [path, Float64Array.from(values)]))
  const pass: Pass = { parameters: exact, gradients: {}, training: true, rows, count: rows, seed: 1, step: 1, dropouts: 0 }
  const { output: logits, backward } = forwardLayers(
    layersOfLogits(network.layers),
    'layers',
    Float64Array.from(train.x),
    network.input,
    pass,
  )
  const { loss: value, gradient } = loss('binaryCrossEntropy', logits, target, rows, columns)
  backward(gradient)
  return { value, gradients: pass.gradients, logits, gradient, ofOutput: probabilityGradient(logits, target, rows, columns) }
}

const networks: [name: string, network: Network][] = [
  ['dense', sequential([3], [dense(6), tanh(), dense(4), sigmoid()])],
  [
    'branches',
    sequential(
      [3],
      [
        dense(6),
        tanh(),
        concat([
          [dense(3), sigmoid()],
          [dense(1), sigmoid()],
        ]),
      ],
    ),
  ],
]
const images: [string, Network] = ['images', sequential([1, 4, 4], [conv2d(4, 4), sigmoid(), flatten()])]
const plans = ['small', 'ordinary'] as const
const cases = [...networks.flatMap((one) => plans.map((plan) => [...one, plan] as const)), [...images, 'ordinary'] as const]

describe.each(cases)('%s', (_name, network, plan) => {
  const options: TrainerOptions = {
    loss: 'binaryCrossEntropy',
    optimizer: sgd({ learningRate: 1e-6 }),
    batchSize: rows,
    seed: 3,
    shuffle: false,
  }
  const precisions = () => (plan === 'ordinary' && engine.features.f16 ? (['f32', 'mixed'] as const) : (['f32'] as const))

  test(`saturated sigmoids under binaryCrossEntropy equal float64, ${plan}: loss, evaluation, gradients and what is shown`, async () => {
    for (const precision of precisions()) {
      const dataset = samplesOf(network)
      const parameters = saturatedParameters(network)
      const expected = reference(network, dataset, parameters)
      const tolerance = precision === 'mixed' ? 3e-3 : 3e-5
      const trainer = await engine.trainer(network, dataset, { ...options, plan, precision, parameters })
      const { loss: evaluated, outputs, correct } = await trainer.evaluate('train', { outputs: true })
      expectClose([evaluated], [expected.value], tolerance, 0, 'evaluation')
      const probabilities = expected.logits.map((z) => 1 / (1 + Math.exp(-z)))
      expectClose(outputs!, probabilities, tolerance, 1e-30, 'outputs')
      const isRight = (z: number, i: number) => z >= 0 === (target[i] === 1)
      const rights = Array.from({ length: rows }, (_, r) =>
        [...expected.logits.subarray(r * columns, (r + 1) * columns)].every((z, c) => isRight(z, r * columns + c)),
      )
      expect(correct).toBe(rights.filter(Boolean).length)
      for await (const progress of trainer.run({ steps: 1 })) expectClose([progress.loss], [expected.value], tolerance, 0, 'loss')
      for (const [path, gradient] of Object.entries(expected.gradients)) {
        const largest = Math.max(...gradient.map(Math.abs))
        expect(largest, path).toBeGreaterThan(1e-3)
        expectClose(await trainer.gradient(path).read(), gradient, tolerance, largest, path)
      }
      const shown = trainer.observation().columns.at(-1)!
      const numbersOf = async ({ buffer, offset, size }: { buffer: GPUBuffer; offset: number; size: number }) =>
        new Float32Array(await readBuffer(engine.device, buffer, offset, size))
      expectClose(await numbersOf(shown.activation), probabilities, tolerance, 1e-30, 'shown')
      const ofOutput = await numbersOf(shown.gradient!)
      expect(ofOutput.every(Number.isFinite)).toBe(true)
      expectClose(ofOutput, expected.ofOutput, tolerance, 1e-6, 'shown gradient')
      trainer.destroy()
    }
  })
})

test('of logits at −200, half of whose targets are 1, the loss is the 50 that PyTorch gives, and the bias learns', async () => {
  const network = sequential([1], [dense(1), sigmoid()])
  const x = new Float32Array(8)
  const dataset: Dataset = { name: 'half', inputShape: [1], outputs: 1, train: { count: 8, x, y: Float32Array.from(x, (_, i) => i % 2) } }
  for (const plan of plans) {
    const trainer = await engine.trainer(network, dataset, {
      loss: 'binaryCrossEntropy',
      optimizer: sgd({ learningRate: 1 }),
      batchSize: 8,
      seed: 1,
      plan,
      parameters: { 'layers.0.bias': Float32Array.of(-200) },
    })
    for await (const _ of trainer.run({ steps: 1 }));
    expect(trainer.history.loss[0]).toBe(50)
    expect([...(await trainer.gradient('layers.0.bias').read())]).toEqual([-0.5])
    for await (const _ of trainer.run({ steps: 399 }));
    expect((await trainer.parameter('layers.0.bias').read())[0]).toBeGreaterThan(-5)
    trainer.destroy()
  }
})
