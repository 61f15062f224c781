/** The colours that are read to the host are those that the shaders choose, so that the sketch and the picture after it agree. */
import { afterEach, expect, test } from 'vitest'
import {
  avgPool2d,
  concat,
  conv2d,
  createEngine,
  dense,
  flatten,
  relu,
  residual,
  sequential,
  sgd,
  tanh,
  type Observation,
} from '../../src/index.ts'
import { readBuffer } from '../../src/gpu/readback.ts'
import { createInspector, type InspectorOptions } from '../../src/inspect/inspector.ts'
import { NeuronValues } from '../../src/view/neuron-values.ts'
import { Readout } from '../../src/view/readout.ts'
import { randomNumbers } from './harness.ts'
import { fixture } from './view-fixture.ts'

let made: { destroy(): void }[] = []
afterEach(() => {
  for (const thing of made.toReversed()) thing.destroy()
  made = []
})

async function expectSame(device: GPUDevice, observation: Observation, options: InspectorOptions, sample = 1) {
  const inspector = createInspector(device, observation, options)
  const neurons = new NeuronValues(device, observation)
  const readout = new Readout(device, inspector, neurons)
  made.push(inspector, neurons, readout)
  const reading = await readout.read(sample)
  const encoder = device.createCommandEncoder()
  inspector.update(encoder, { statistics: false })
  neurons.encode(encoder, sample)
  device.queue.submit([encoder.finish()])

  const [edges] = new Uint32Array(await readBuffer(device, inspector.edges.indirect))
  const visible = new Uint32Array(await readBuffer(device, inspector.edges.visible)).subarray(0, edges! / 3)
  const read = reading.blocks.flatMap((block, b) => [...block.edges].flatMap((edge) => [b, edge]))
  expect(read).toEqual([...visible])
  const near = (found: { lo: number; hi: number }, wanted: { lo: number; hi: number }) => {
    expect(Math.abs(found.lo - wanted.lo)).toBeLessThanOrEqual(1e-5 * wanted.lo)
    expect(Math.abs(found.hi - wanted.hi)).toBeLessThanOrEqual(1e-5 * wanted.hi)
  }
  const ranges = await inspector.ranges()
  ;[...reading.blocks, reading.allBlocks].forEach((found, i) => near(found, ranges[i]!))
  expect(new Uint32Array(reading.values.buffer)).toEqual(new Uint32Array(await readBuffer(device, neurons.values)))
  for (const kind of ['activation', 'gradient'] as const) {
    const found = kind === 'activation' ? reading.activations : reading.gradients
    const wanted = await neurons.ranges(kind)
    expect(found.map(({ lo, hi }) => [lo, hi])).toEqual(wanted.map(({ lo, hi }) => [lo, hi]))
  }
  const arrivals = await inspector.pathNorms()
  arrivals.forEach(({ norm }, i) => expect(Math.abs(reading.paths[i]! - norm)).toBeLessThanOrEqual(1e-5 * norm))
  if (arrivals.length > 0) {
    const [lo, hi] = new Float32Array(await readBuffer(device, inspector.paths.norms))
    near(reading.allPaths, { lo: 2 ** lo!, hi: 2 ** hi! })
  }
  return reading
}

test.each([false, true])('of a dense network, weights transposed %s, all edges or the strongest', async (transposed) => {
  const scene = await fixture([70, 60, 9, 3], { transposed })
  made.push(scene)
  await expectSame(scene.device, scene.observation, {})
  const { blocks } = await expectSame(scene.device, scene.observation, { edgesPerLayer: 300 })
  expect(blocks.map(({ edges }) => edges.length)).toEqual([300, 300, 27])
  expect(scene.errors).toEqual([])
})

test('where gradients are zero, equal or not finite', async () => {
  const special = [NaN, Infinity, -Infinity, 1e-41, 1e-30, 3e38]
  const scene = await fixture([64, 64, 2], {
    gradient: (random, layer) =>
      layer === 1
        ? 0
        : random() < 0.01
          ? special[Math.floor(random() * special.length)]!
          : random() < 0.8
            ? 0
            : random() < 0.5
              ? 0.25
              : -0.25,
  })
  made.push(scene)
  const { device, observation } = scene
  device.queue.writeBuffer(observation.columns[1]!.activation.buffer, 4 * 64, new Float32Array([NaN, -Infinity, 0, 5]))
  const { blocks } = await expectSame(device, observation, { edgesPerLayer: 1000 })
  expect([...blocks[0]!.gradients].some(Number.isNaN)).toBe(true)
  expect([blocks[1]!.lo, blocks[1]!.hi]).toEqual([0, 0])
})

test('of filters, feature maps and branches', async () => {
  const engine = await createEngine()
  made.push(engine)
  const network = sequential(
    [3, 6, 6],
    [
      conv2d(40, 3, { padding: 1 }),
      tanh(),
      residual([conv2d(40, 3, { padding: 1, groups: 2 }), tanh()]),
      concat([[], [conv2d(2, 1)]]),
      relu(),
      avgPool2d(2),
      flatten(),
      dense(3),
    ],
  )
  const data = {
    name: 'noise',
    inputShape: [3, 6, 6],
    outputs: 3,
    train: { count: 8, x: randomNumbers(8 * 3 * 36), y: Int32Array.from({ length: 8 }, (_, i) => i % 3) },
  }
  const trainer = await engine.trainer(network, data, {
    loss: 'crossEntropy',
    optimizer: sgd({ learningRate: 0.1 }),
    batchSize: 4,
    seed: 2,
  })
  for await (const _ of trainer.run({ steps: 3 }));
  const { blocks, paths } = await expectSame(engine.device, trainer.observation(), { edgesPerLayer: 500 }, 2)
  expect(blocks[1]!.edges.length).toBe(500)
  expect(paths.every((norm) => norm > 0)).toBe(true)
})

test('a reading that is under way when its network goes rejects', async () => {
  const scene = await fixture([4, 3])
  made.push(scene)
  const inspector = createInspector(scene.device, scene.observation)
  const neurons = new NeuronValues(scene.device, scene.observation)
  made.push(inspector, neurons)
  const readout = new Readout(scene.device, inspector, neurons)
  const reading = readout.read(0)
  readout.destroy()
  await expect(reading).rejects.toThrow('the view was destroyed before its colours were read')
})
