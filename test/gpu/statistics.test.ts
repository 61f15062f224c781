import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDevice } from '../../src/gpu/device.ts'
import type { Observation } from '../../src/graph/observation.ts'
import { batchNorm, createEngine, dense, layerNorm, residual, sequential, sgd, tanh, type Engine } from '../../src/index.ts'
import { createInspector, type Inspector } from '../../src/inspect/inspector.ts'
import { normsByDepth } from '../../src/inspect/diagnosis.ts'
import { ReaderDestroyed } from '../../src/inspect/staging.ts'
import { NeuronValues } from '../../src/view/neuron-values.ts'
import { ValueReader } from '../../src/view/values.ts'
import { fixture } from './view-fixture.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

let made: { destroy(): void }[] = []
afterEach(() => {
  for (const thing of made.toReversed()) thing.destroy()
  made = []
})
const own = <Thing extends { destroy(): void }>(thing: Thing): Thing => {
  made.push(thing)
  return thing
}

function update(device: GPUDevice, inspector: Inspector) {
  const encoder = device.createCommandEncoder()
  inspector.update(encoder)
  device.queue.submit([encoder.finish()])
}

test('every parameter that is trained reaches the statistics, those of norms too, under PyTorch’s name and in the order of the layers', async () => {
  const network = sequential(
    [3],
    [dense(6), batchNorm(), tanh(), residual([dense(6), layerNorm()], [dense(6, { bias: false })]), layerNorm(), dense(2)],
  )
  const count = 40
  const x = Float32Array.from({ length: 3 * count }, (_, i) => Math.sin(i * 12.9898))
  const data = { name: 'sines', inputShape: [3], outputs: 2, train: { count, x, y: x.slice(0, 2 * count).map((value) => value * value) } }
  const trainer = own(await engine.trainer(network, data, { loss: 'mse', optimizer: sgd({ learningRate: 0.1 }), batchSize: 16, seed: 1 }))
  for await (const _ of trainer.run({ steps: 7 }));
  const inspector = own(createInspector(engine.device, trainer.observation()))
  update(engine.device, inspector)
  const statistics = await inspector.read()
  expect(statistics.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
    'layers.0.weight weight',
    'layers.0.bias bias',
    'layers.1.weight norm',
    'layers.1.bias norm',
    'layers.3.layers.0.weight weight',
    'layers.3.layers.0.bias bias',
    'layers.3.layers.1.weight norm',
    'layers.3.layers.1.bias norm',
    'layers.3.shortcut.0.weight weight',
    'layers.4.weight norm',
    'layers.4.bias norm',
    'layers.5.weight weight',
    'layers.5.bias bias',
  ])
  expect(trainer.parameterPaths.filter((path) => !/running/.test(path))).toEqual(statistics.map(({ path }) => path))
  for (const { path, weightNorm, gradientNorm, count: elements } of statistics) {
    const [weight, gradient] = [await trainer.parameter(path).read(), await trainer.gradient(path).read()]
    expect(elements).toBe(weight.length)
    expect(Math.abs(weightNorm - Math.hypot(...weight))).toBeLessThanOrEqual(1e-6 * weightNorm)
    expect(Math.abs(gradientNorm - Math.hypot(...gradient))).toBeLessThanOrEqual(1e-6 * gradientNorm)
  }
  expect(normsByDepth(statistics).map(({ path }) => path)).toEqual([
    'layers.0.weight',
    'layers.3.layers.0.weight',
    'layers.3.shortcut.0.weight',
    'layers.5.weight',
  ])
})

/** A network whose activations arrive through the branches of a container. */
async function branched() {
  const scene = own(await fixture([6, 5, 4], { batch: 3 }))
  const [input, hidden] = scene.observation.columns
  const branch = (path: string, isBypass: boolean, arrival: typeof input) => ({ path, isBypass, arrival: arrival!.activation })
  const observation: Observation = {
    ...scene.observation,
    containers: [
      {
        path: 'layers.9',
        type: 'residual',
        from: 0,
        to: 2,
        first: 1,
        last: 2,
        branches: [branch('layers.9.layers', false, input), branch('layers.9.shortcut', true, hidden)],
      },
    ],
  }
  return { ...scene, observation, arrivals: [input!.activation, hidden!.activation] }
}

const largest = 3.4028234663852886e38
test.each<[string, (i: number) => number, number]>([
  ['NaN among them', (i) => (i === 3 ? NaN : i === 4 ? Infinity : 1), NaN],
  ['infinite ones among them', (i) => (i === 3 ? -Infinity : 1), Infinity],
  ['the largest numbers', () => largest, largest * Math.sqrt(18)],
  ['1e38 and 1e-38', (i) => (i % 2 ? 1e38 : 1e-38), Math.fround(1e38) * 3],
  ['1e-38', () => 1.2e-38, Math.fround(1.2e-38) * Math.sqrt(18)],
  ['zeros', () => 0, 0],
])('norms of branches with %s', async (_, valueOf, expected) => {
  const scene = await branched()
  const [first, second] = scene.arrivals
  const values = Float32Array.from({ length: 18 }, (_value, i) => valueOf(i))
  scene.device.queue.writeBuffer(first!.buffer, 0, values)
  scene.device.queue.writeBuffer(second!.buffer, 0, new Float32Array(15).fill(2))
  const inspector = own(createInspector(scene.device, scene.observation))
  update(scene.device, inspector)
  const [norm, other] = await inspector.pathNorms()
  if (Number.isFinite(expected)) expect(Math.abs(norm!.norm - expected)).toBeLessThanOrEqual(1e-6 * expected)
  else expect(norm!.norm).toBe(expected)
  expect(norm).toMatchObject({
    nan: values.filter(Number.isNaN).length,
    infinite: values.filter((x) => Math.abs(x) === Infinity).length,
    count: 18,
  })
  expect(other!.norm).toBeCloseTo(2 * Math.sqrt(15), 4)
  expect(scene.errors).toEqual([])
})

test('a read after destroy, or that destroy overtakes, is rejected in a sentence and never gives zeros', async () => {
  const scene = await branched()
  const reads: [string, (inspector: Inspector) => Promise<unknown>][] = [
    ['statistics', (inspector) => inspector.read()],
    ['edge ranges', (inspector) => inspector.ranges()],
    ['path norms', (inspector) => inspector.pathNorms()],
  ]
  for (const [what, read] of reads) {
    const refusal = new ReaderDestroyed(`the inspector was destroyed before its ${what} were read`)
    const inspector = createInspector(scene.device, scene.observation)
    update(scene.device, inspector)
    const overtaken = Promise.allSettled([read(inspector)])
    inspector.destroy()
    expect(await overtaken).toEqual([{ status: 'rejected', reason: refusal }])
    await expect(read(inspector)).rejects.toBeInstanceOf(ReaderDestroyed)
    await expect(read(inspector)).rejects.toThrow(refusal)
  }
  const unread = createInspector(scene.device, scene.observation)
  unread.destroy()
  await expect(unread.read()).rejects.toBeInstanceOf(ReaderDestroyed)
  const neurons = new NeuronValues(scene.device, scene.observation)
  neurons.destroy()
  await expect(neurons.ranges('activation')).rejects.toThrow('the view was destroyed before its neuron ranges were read')
  expect(scene.errors).toEqual([])
})

test('numbers picked of a network that is gone are none; of one that is shown, an error', async () => {
  const scene = await branched()
  const inspector = createInspector(scene.device, scene.observation)
  update(scene.device, inspector)
  const values = own(new ValueReader(scene.device))
  const way = { kind: 'path', container: 0, branch: 1, path: 'layers.9.shortcut' } as const
  let isShown = true
  const reading = values.read(scene.observation, inspector, 0, way, () => isShown)
  inspector.destroy()
  isShown = false
  expect(await reading).toBeNull()
  await expect(values.read(scene.observation, inspector, 0, way, () => true)).rejects.toBeInstanceOf(ReaderDestroyed)
})

test('where the GPU refuses the work, its readers say so instead of giving zeros or what was before', async () => {
  const scene = await branched()
  const inspector = own(createInspector(scene.device, scene.observation))
  update(scene.device, inspector)
  expect((await inspector.read())[0]!.weightNorm).toBeGreaterThan(0)
  const values = own(new ValueReader(scene.device))
  scene.destroy() // the engine's buffers
  const heard: string[] = []
  const stop = scene.gpu.onError(({ message }) => heard.push(message))
  update(scene.device, inspector)
  await expect(inspector.read()).rejects.toThrow('statistics could not be read: the GPU refused the work')
  const edge = { kind: 'edge', block: 0, path: 'layers.0.weight', row: 0, column: 0, from: 0, to: 1 } as const
  await expect(values.read(scene.observation, inspector, 0, edge, () => true)).rejects.toThrow(
    'picked values could not be read: the GPU refused',
  )
  stop()
  expect(heard.length).toBeGreaterThan(0)
})

test('a device that is lost is told as that', async () => {
  const gpu = await openDevice()
  const tensor = (label: string, shape: number[]) => {
    const size = 4 * shape.reduce((a, b) => a * b, 1)
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC
    return {
      buffer: gpu.device.createBuffer({ label, size, usage }),
      offset: 0,
      size,
      shape,
      strides: [shape[1] ?? 1, 1],
      dtype: 'f32' as const,
    }
  }
  const [weight, gradient, activation] = [tensor('weights', [2, 2]), tensor('gradients', [2, 2]), tensor('activation', [1, 2])]
  const column = { path: 'input', label: 'input', width: 2, shape: [2], activation }
  const inspector = createInspector(gpu.device, {
    step: 1,
    batch: 1,
    columns: [column, column],
    blocks: [{ path: 'layers.0.weight', from: 0, to: 1, weight, gradient }],
    links: [],
    containers: [],
    parameters: [{ path: 'layers.0.weight', kind: 'weight', layer: 'layers.0', weight, gradient }],
  })
  update(gpu.device, inspector)
  const reads = Promise.allSettled([inspector.read(), inspector.ranges()])
  gpu.destroy()
  expect(await reads).toMatchObject(Array(2).fill({ status: 'rejected', reason: { name: 'DeviceLost' } }))
  await expect(inspector.ranges()).rejects.toMatchObject({ name: 'DeviceLost' })
})
