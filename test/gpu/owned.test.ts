import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { overrideShader } from '../../src/gpu/shader.ts'
import { createEngine, dense, relu, sequential, sgd, type Dataset, type Engine } from '../../src/index.ts'

const live = new Set<GPUBuffer>()
const { createBuffer } = GPUDevice.prototype
const { destroy } = GPUBuffer.prototype
let engine: Engine

beforeAll(async () => {
  engine = await createEngine()
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor)
    live.add(buffer)
    return buffer
  }
  GPUBuffer.prototype.destroy = function () {
    live.delete(this)
    return destroy.call(this)
  }
})
afterAll(() => {
  GPUDevice.prototype.createBuffer = createBuffer
  GPUBuffer.prototype.destroy = destroy
  engine.destroy()
})
const broken = ['optimizer', 'loss', 'perturb', 'result', 'matmul', 'gather', 'smallNetwork', 'gradientSum'] as const
afterEach(() => {
  for (const name of broken) overrideShader(name, undefined)
})

const count = 64
const dataset: Dataset = {
  name: 'waves',
  inputShape: [8],
  outputs: 2,
  train: {
    count,
    x: Float32Array.from({ length: count * 8 }, (_, i) => Math.sin(i)),
    y: Float32Array.from({ length: count * 2 }, (_, i) => Math.cos(i)),
  },
}
const network = sequential([8], [dense(4), relu(), dense(2)])
const options = { loss: 'mse', optimizer: sgd({ learningRate: 0.1 }), batchSize: 16 } as const

test.each(broken)('where %s does not compile, no buffer of the trainer stays', async (name) => {
  const before = live.size
  overrideShader(name, 'this is no WGSL')
  const plan = name === 'smallNetwork' ? 'small' : 'ordinary'
  await expect(engine.trainer(network, dataset, { ...options, plan, accumulate: plan === 'small' ? 1 : 2 })).rejects.toThrow(
    `shaders/${name}.wgsl`,
  )
  await engine.device.queue.onSubmittedWorkDone()
  expect([...live].slice(before).map(({ label }) => label)).toEqual([])
})

test('a sweep that fails leaves no buffer', async () => {
  const before = live.size
  const sweep = { loss: 'mse', optimizer: sgd({ learningRate: 0.1 }), batchSize: 16, steps: 4 } as const
  await expect(
    engine.sweep(network, dataset, [{ seed: 1 }], { ...sweep, parameters: { 'layers.0.bias': new Float32Array(3) } }),
  ).rejects.toThrow('parameter layers.0.bias: 3 numbers given, 4 expected')
  overrideShader('smallNetwork', 'this is no WGSL')
  await expect(engine.sweep(network, dataset, [{ seed: 1 }], sweep)).rejects.toThrow('shaders/smallNetwork.wgsl')
  expect([...live].slice(before).map(({ label }) => label)).toEqual([])
})
