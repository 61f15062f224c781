import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conv2d, createEngine, dense, flatten, sequential, sgd, type Dataset, type Engine, type TrainerOptions } from '../../src/index.ts'
import { gatherSamples, type ImageAugmentation } from '../../src/kernels/gather.ts'
import { seedWords } from '../../src/kernels/initialize.ts'
import { gather, motionOf } from '../../src/kernels/reference/gather.ts'
import { orderKeys } from '../../src/kernels/permutation.ts'
import { expectClose, openBench, randomNumbers, runKernels, unwritten, type Bench, type Numbers } from './harness.ts'

let bench: Bench
let engine: Engine
beforeAll(async () => {
  bench = await openBench()
  engine = await createEngine()
})
afterAll(() => {
  bench.gpu.destroy()
  engine.destroy()
})

const seed = 3 * 2 ** 32 + 123_456_789

describe('the gather moves images as the reference does', () => {
  test.each([
    ['u8', 3, 5, 7, true, 2, true, 1],
    ['u8', 3, 5, 7, false, 2, true, 1],
    ['f32', 3, 4, 4, true, 1, false, 48],
    ['f32', 1, 28, 28, true, 4, true, 0],
    ['u8', 1, 28, 28, false, 0, true, 784],
    ['u8', 16, 3, 3, true, 2, false, 0],
  ] as const)('%s of %i × %i × %i, channels last %s, by %i pixels, mirrored %s, scaling of width %i', async (...words) => {
    const [source, channels, height, width, channelsLast, shift, flip, scalingWidth] = words
    const [samples, batch, count, first, step] = [19, 11, 9, 16, 7]
    const augmentation: ImageAugmentation = { channels, height, width, channelsLast, shift, flip }
    const features = channels * height * width
    const numbers = randomNumbers(samples * features, 1, 1)
    const data: Numbers = source === 'u8' ? Uint8Array.from(numbers, (value) => value * 127.9) : numbers
    const mean = randomNumbers(scalingWidth, 0.5)
    const deviation = randomNumbers(scalingWidth, 0.4, 1)
    const given = scalingWidth > 0 ? [Float32Array.from([...mean, ...deviation.map((value) => 1 / value)])] : []
    const call = (shardFirst: number, shardCount: number, x: Numbers) => ({
      kernel: gatherSamples({ batch, features, source, samples, shardFirst, shardCount, scalingWidth, targets: 0, augmentation }),
      buffers: [data.slice(shardFirst * features, (shardFirst + shardCount) * features), ...given, x] as Numbers[],
    })
    const [seedLow, seedHigh] = seedWords(seed)
    const [order0, order1, order2, order3] = orderKeys(seed, 5)
    const order = { shuffle: 1, order0, order1, order2, order3 }
    const fields = { batchStart: first, batchCount: count, sampleCount: samples, ...order, step, seedLow, seedHigh }
    const settings = {
      samples,
      width: features,
      first,
      rows: count,
      shuffle: { seed, epoch: 5 },
      ...(scalingWidth ? { mean, deviation } : {}),
      augmentation: { ...augmentation, seed, step },
    }
    const expected = [...gather(data as Uint8Array, settings), ...new Float64Array((batch - count) * features)]
    const x = unwritten(batch * features)
    expectClose((await runKernels(bench, [call(0, samples, x)], fields))[0]!, expected, 1e-6, 0.5)
    expectClose((await runKernels(bench, [call(0, 7, x), call(7, 12, x)], fields))[0]!, expected, 1e-6, 0.5)
  })

  test('every place and both ways round come about as often', () => {
    const counts = new Map<string, number>()
    const tries = 9000
    for (let position = 0; position < tries; position++) {
      const { down, right, mirrored } = motionOf(position, { shift: 1, flip: true, seed, step: 3 })
      const key = `${down} ${right} ${mirrored}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    expect(counts.size).toBe(18)
    for (const count of counts.values()) expect(Math.abs(count - tries / 18)).toBeLessThan(5 * Math.sqrt(tries / 18))
  })
})

/** 20 images of 2 × 6 × 5 pixels in bytes. */
const images = (): Dataset => {
  const x = Uint8Array.from({ length: 20 * 60 }, (_, i) => (i * 37 + Math.floor(i / 60) * 11) % 256)
  const y = Int32Array.from({ length: 20 }, (_, i) => i % 3)
  return { name: 'images', inputShape: [2, 6, 5], outputs: 3, train: { count: 20, x, y }, test: { count: 20, x, y } }
}
const network = sequential([2, 6, 5], [conv2d(4, 3), flatten(), dense(3)])
const options: TrainerOptions = {
  loss: 'crossEntropy',
  optimizer: sgd({ learningRate: 0.05 }),
  batchSize: 8,
  seed: 4,
  augmentation: { shift: 2, flip: true },
}

test('the same motion at any number of steps a submit, another in every epoch, none in evaluation', async () => {
  const outcomes: Float32Array[] = []
  for (const stepsPerSubmit of [1, 64]) {
    const trainer = await engine.trainer(network, images(), options)
    for await (const _ of trainer.run({ steps: 20, stepsPerSubmit }));
    outcomes.push(await trainer.parameter('layers.0.weight').read())
    trainer.destroy()
  }
  expect(outcomes[1]).toEqual(outcomes[0])

  const still = { ...options, optimizer: sgd({ learningRate: 1e-30 }), shuffle: false }
  const [moved, plain] = [
    await engine.trainer(network, images(), still),
    await engine.trainer(network, images(), { ...still, augmentation: {} }),
  ]
  const inputs: Float32Array[] = []
  for (const trainer of [moved, plain]) {
    for await (const _ of trainer.run({ steps: 1 }));
    inputs.push(await trainer.activation('input').read())
  }
  for await (const _ of moved.run({ steps: 2 }));
  for await (const _ of moved.run({ steps: 1 }));
  inputs.push(await moved.activation('input').read())
  const [first, unmoved, nextEpoch] = inputs as [Float32Array, Float32Array, Float32Array]
  expect(first).not.toEqual(unmoved)
  expect(nextEpoch).not.toEqual(first)
  // In PyTorch's order each channel of an image holds the numbers of one place for all: those that are not padding were there before.
  for (let i = 0; i < first.length; i++)
    if (first[i] !== 0) expect(unmoved.slice(30 * Math.floor(i / 30), 30 * Math.floor(i / 30) + 30)).toContain(first[i])
  for (const part of ['train', 'test'] as const) expect(await moved.outputs(part)).toEqual(await plain.outputs(part))
  moved.destroy()
  plain.destroy()
})

test('what is no image is not moved', async () => {
  const flat = { ...images(), inputShape: [60] }
  await expect(engine.trainer(sequential([60], [dense(3)]), flat, options)).rejects.toThrow(
    'augmentation moves images, but the input is [60], expected [channels, height, width]',
  )
  await expect(engine.trainer(network, images(), { ...options, augmentation: { shift: 5 } })).rejects.toThrow(
    'augmentation.shift is 5 on images of 6 × 5, expected less than their sides',
  )
})
