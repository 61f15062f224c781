/** What can be looked at after a step: of a small network all, of a large one its first samples, with the same numbers. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  adam,
  avgPool2d,
  batchNorm,
  concat,
  conv2d,
  createEngine,
  dense,
  flatten,
  gelu,
  relu,
  residual,
  sequential,
  sigmoid,
  type Dataset,
  type Engine,
  type TensorView,
  type Trainer,
  type TrainerOptions,
} from '../../src/index.ts'
import { readBuffer } from '../../src/gpu/readback.ts'
import { randomNumbers } from './harness.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const count = 30
const images: Dataset = {
  name: 'noise',
  inputShape: [3, 8, 8],
  outputs: 4,
  train: { count, x: randomNumbers(count * 3 * 64), y: Int32Array.from({ length: count }, (_, i) => i % 4) },
}
const network = sequential(
  [3, 8, 8],
  [
    conv2d(4, 3, { padding: 1 }),
    batchNorm(),
    relu(),
    residual([conv2d(4, 3, { padding: 1 }), gelu(), conv2d(4, 3, { padding: 1 }), batchNorm()]),
    sigmoid(),
    concat([[], [conv2d(3, 1), relu()]]),
    avgPool2d(2),
    flatten(),
    dense(9),
    relu(),
    dense(4),
  ],
)
const options: TrainerOptions = { loss: 'crossEntropy', optimizer: adam({ learningRate: 0.01 }), batchSize: 12, seed: 5 }

const trained = async (change: Partial<TrainerOptions>) => {
  const trainer = await engine.trainer(network, images, { ...options, ...change } as TrainerOptions)
  for await (const _ of trainer.run({ steps: 7, stepsPerSubmit: 4 }));
  return trainer
}
const read = async ({ buffer, offset, size }: TensorView) => new Float32Array(await readBuffer(engine.device, buffer, offset, size))
const parameters = (trainer: Trainer) => Promise.all(trainer.parameterPaths.map((path) => trainer.parameter(path).read()))

test('the first samples of a column are those of the whole batch, to the bit, and training does not know the difference', async () => {
  const [all, samples] = await Promise.all([trained({ activations: 'all' }), trained({ activations: 'samples' })])
  expect(await parameters(samples)).toEqual(await parameters(all))
  expect(samples.history.loss).toEqual(all.history.loss)
  const [whole, first] = [all.observation(), samples.observation()]
  expect([whole.batch, first.batch]).toEqual([12, 8])
  expect(first.columns.map(({ path, width }) => [path, width])).toEqual(whole.columns.map(({ path, width }) => [path, width]))
  for (const [i, column] of first.columns.entries())
    for (const kind of ['activation', 'gradient'] as const) {
      const [expected, got] = [whole.columns[i]![kind], column[kind]]
      expect(got === undefined, column.path).toBe(expected === undefined)
      if (!expected || !got) continue
      expect(got.shape).toEqual([8, column.width])
      const values = (await read(got)).slice(0, 8 * column.width)
      expect(values, `${column.path} ${kind}`).toEqual((await read(expected)).slice(0, 8 * column.width))
      expect(values.some((value) => value !== 0)).toBe(true)
    }
  const output = samples.activation('output')
  expect(output.shape).toEqual([12, 4])
  expect(await output.read()).toEqual(await all.activation('output').read())
  expect(samples.activation('layers.2').shape).toEqual([8, 4, 8, 8])
  expect(await samples.activation('layers.2').read()).toEqual((await all.activation('layers.2').read()).slice(0, 8 * 4 * 64))
  expect(() => samples.activation('layers.0')).toThrow(/activation: layers.0 shares its memory/)
  expect(samples.cost.activationBytes).toBeLessThan(all.cost.activationBytes * 0.8)
  all.destroy()
  samples.destroy()
})

test('a small network shows all of a batch unless told otherwise', async () => {
  const trainer = await trained({})
  expect(trainer.observation().batch).toBe(12)
  expect(trainer.activation('layers.0').shape).toEqual([12, 4, 8, 8])
  trainer.destroy()
})
