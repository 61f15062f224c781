/** The presets' networks learn 32 images by heart, with their own optimizers, on images small enough for a test. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { imageRecipe, type ImagePresetName } from '../../src/data/image-presets.ts'
import type { Dataset } from '../../src/data/types.ts'
import { createEngine, type Engine } from '../../src/train/engine.ts'
import type { Evaluation } from '../../src/train/types.ts'
import { randomNumbers } from './harness.ts'

const count = 32
const classes = 10

/** Noise with a bright bar at a place of the image's class. */
function bars(channels: number, side: number): Dataset {
  const pixels = side * side
  const y = Int32Array.from({ length: count }, (_, i) => (i * 7) % classes)
  const noise = randomNumbers(count * channels * pixels, 90, 90, 7)
  const barOf = (at: number) => Math.floor(((at % pixels) / pixels) * classes)
  const x = Uint8Array.from(noise, (value, at) => value + (barOf(at) === y[Math.floor(at / (channels * pixels))] ? 60 : 0))
  const scaling = { mean: new Float32Array(channels).fill(0.37), deviation: new Float32Array(channels).fill(0.2) }
  return { name: 'bars', inputShape: [channels, side, side], outputs: classes, train: { count, x, y }, scaling }
}

/** DenseNet's size is in its layers: its images are smaller. */
const sideOf = (name: ImagePresetName) => (name.startsWith('densenet') ? 8 : 16)

/** A test for each of these presets. */
export function learnByHeart(names: readonly ImagePresetName[]): void {
  let engine: Engine
  beforeAll(async () => {
    engine = await createEngine()
  })
  afterAll(() => engine.destroy())
  test.each(names)('%s learns 32 images by heart', { timeout: 300_000 }, async (name) => {
    const learnt = await learn(engine, name)
    expect(learnt.accuracy).toBe(1)
    expect(learnt.loss).toBeLessThan(0.5)
  })
}

async function learn(engine: Engine, name: ImagePresetName): Promise<Evaluation> {
  const data = bars(name.endsWith('cifar10') ? 3 : 1, sideOf(name))
  const { layers, training } = imageRecipe(name, data)
  const { loss, optimizer } = training
  const trainer = await engine.trainer({ input: data.inputShape, layers }, data, {
    loss,
    optimizer,
    batchSize: count,
    seed: 1,
    tuningTime: 1,
  })
  let learnt = await trainer.evaluate('train')
  expect(learnt.accuracy).toBeLessThan(0.5)
  while (trainer.step < 60 && !(learnt.accuracy === 1 && learnt.loss < 0.5)) {
    for await (const _ of trainer.run({ steps: 10 }));
    learnt = await trainer.evaluate('train')
  }
  trainer.destroy()
  return learnt
}
