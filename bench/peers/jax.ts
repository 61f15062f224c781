import { countCalls } from '../calls.ts'
import { factors } from '../kernels/matmul-cases.ts'
import { adamSettings, taskData, type Task } from '../tasks.ts'
import { imageTraining } from './jax-images.ts'
import type { ConvShape } from '../../src/kernels/shapes.ts'
import { outputSize } from '../../src/kernels/shapes.ts'
import { permuted } from '../image-tasks.ts'
import { convOperands } from '../kernels/conv-cases.ts'
import type { Library, Peer, PeerKernel, PeerTraining } from './peer.ts'

/**
 * jax-js: a whole step traced and compiled by `jit`. It is lazy: results that are dropped are never computed, and a loop that is not
 * flushed copies an ever longer list of pending work. So each step is flushed: `gpuBuffer()` submits without waiting.
 * Every use of an array consumes it; `.ref` keeps it.
 */
export async function jaxPeer(jax: Library, device: 'webgpu' | 'wasm'): Promise<Peer> {
  const devices: string[] = await jax.init(device)
  if (!devices.includes(device)) throw new Error(`jax-js has no device ${device} here, only ${devices.join(', ')}`)
  jax.defaultDevice(device)
  return {
    engine: `jax-js-${device}`,
    training: async (task) => training(jax, device, task),
    imageTraining: async (task) => imageTraining(jax, device, task),
    matmul: async (m, n, k) => matmul(jax, device, m, n, k),
    convolution: async (shape) => convolution(jax, device, shape),
    ...(device === 'webgpu' && { countCalls }),
  }
}

/** Weights and biases, or what belongs to each of them. */
interface Parameters {
  weight: Library[]
  bias: Library[]
}
const map = (work: (...values: Library[]) => Library, ...parameters: Parameters[]): Parameters => ({
  weight: parameters[0]!.weight.map((_, i) => work(...parameters.map(({ weight }) => weight[i]))),
  bias: parameters[0]!.bias.map((_, i) => work(...parameters.map(({ bias }) => bias[i]))),
})

function training(jax: Library, device: 'webgpu' | 'wasm', task: Task): PeerTraining {
  const { numpy: np, nn } = jax
  const data = taskData(task)
  const tensor = (values: Float32Array, shape: number[]) => np.array(values, { shape })
  const x = tensor(data.x, [task.batch, task.sizes[0]!])
  const y = tensor(data.y, [task.batch, task.sizes.at(-1)!])
  const first = (): Parameters => ({
    weight: data.layers.map(({ weight, inputs, outputs }) => tensor(weight, [inputs, outputs])),
    bias: data.layers.map(({ bias, outputs }) => tensor(bias, [outputs])),
  })
  const loss = (parameters: Parameters, input: Library, target: Library) => {
    let value = input
    parameters.weight.forEach((weight, i) => {
      value = np.matmul(value, weight).add(parameters.bias[i])
      if (i < parameters.weight.length - 1) value = task.hidden === 'tanh' ? np.tanh(value) : nn.relu(value)
    })
    if (task.loss === 'mse') return np.mean(np.square(nn.sigmoid(value).sub(target)))
    return np.sum(nn.logSoftmax(value, -1).mul(target)).mul(-1 / task.batch)
  }
  const make = task.optimizer === 'sgd' ? descent : adam
  const begin = () => make(jax, task, loss, first(), x, y)
  let run = begin()
  run.step().dispose() // traces and compiles, and computes nothing
  run = begin()
  return {
    async losses(count) {
      const found: number[] = []
      for (let i = 0; i < count; i++) found.push((await run.step().data())[0])
      return found
    },
    async issue(count) {
      for (let i = 0; i < count; i++) {
        const value = run.step()
        if (device === 'webgpu') await value.gpuBuffer()
        else await value.data()
      }
    },
    finish: async () => (await np.sum(run.parameters().bias.at(-1).ref).data())[0],
    destroy() {
      map((value) => value.dispose(), run.parameters())
      for (const value of [x, y]) value.dispose()
    },
  }
}

type Loss = (parameters: Parameters, x: Library, y: Library) => Library

function descent(jax: Library, task: Task, loss: Loss, parameters: Parameters, x: Library, y: Library) {
  const compiled = jax.jit((before: Parameters, input: Library, target: Library) => {
    const [value, gradient] = jax.valueAndGrad(loss)(
      map((tensor) => tensor.ref, before),
      input,
      target,
    )
    return [value, map((tensor, slope) => tensor.sub(slope.mul(task.learningRate)), before, gradient)]
  })
  const step = () => {
    const [value, after] = compiled(parameters, x.ref, y.ref)
    parameters = after
    return value
  }
  return { step, parameters: () => parameters }
}

function adam(jax: Library, task: Task, loss: Loss, parameters: Parameters, x: Library, y: Library) {
  const { numpy: np } = jax
  const { beta1, beta2, eps } = adamSettings
  const zeros = () => map((tensor) => np.zeros(tensor.shape), parameters)
  let [first, second, steps] = [zeros(), zeros(), 0]
  const compiled = jax.jit(
    (before: Parameters, mean: Parameters, square: Parameters, scale1: Library, scale2: Library, input: Library, target: Library) => {
      const [value, gradient] = jax.valueAndGrad(loss)(
        map((tensor) => tensor.ref, before),
        input,
        target,
      )
      const means = map((old, slope) => old.mul(beta1).add(slope.ref.mul(1 - beta1)), mean, gradient)
      const squares = map((old, slope) => old.mul(beta2).add(np.square(slope).mul(1 - beta2)), square, gradient)
      const update = (tensor: Library, m: Library, s: Library) =>
        tensor.sub(
          m.ref
            .mul(scale1.ref)
            .mul(task.learningRate)
            .div(np.sqrt(s.ref.mul(scale2.ref)).add(eps)),
        )
      const after = map(update, before, means, squares)
      scale1.dispose()
      scale2.dispose()
      return [value, after, means, squares]
    },
  )
  const step = () => {
    steps++
    const scales = [beta1, beta2].map((beta) => np.array(1 / (1 - beta ** steps)))
    const [value, after, means, squares] = compiled(parameters, first, second, ...scales, x.ref, y.ref)
    ;[parameters, first, second] = [after, means, squares]
    return value
  }
  return { step, parameters: () => parameters }
}

function matmul(jax: Library, device: 'webgpu' | 'wasm', m: number, n: number, k: number): PeerKernel {
  const { numpy: np } = jax
  const { a, b } = factors([m, n, k])
  const operands = [np.array(a, { shape: [m, k] }), np.array(b, { shape: [k, n] })]
  return kernel(jax, device, operands, (left, right) => np.matmul(left, right))
}

/** Channels first, the only layout that jax-js has. */
function convolution(jax: Library, device: 'webgpu' | 'wasm', shape: ConvShape): PeerKernel {
  const { numpy: np, lax } = jax
  const { batch, filters, stride, padding, dilation, groups } = shape
  const { x, weight, sizes } = convOperands(shape)
  const operands = [np.array(x, { shape: sizes.x }), np.array(weight, { shape: sizes.weight })]
  const sides = [padding, padding]
  const dilated = { rhsDilation: [dilation, dilation], featureGroupCount: groups }
  const made = kernel(jax, device, operands, (images, taps) =>
    lax.convGeneralDilated(images, taps, [stride, stride], [sides, sides], dilated),
  )
  const result = async () => permuted(Float32Array.from(await made.result()), [batch, filters, ...outputSize(shape)], [0, 2, 3, 1])
  return { ...made, result }
}

function kernel(
  jax: Library,
  device: 'webgpu' | 'wasm',
  operands: readonly Library[],
  work: (left: Library, right: Library) => Library,
): PeerKernel {
  const { numpy: np } = jax
  const compiled = jax.jit(work)
  const run = () => compiled(...operands.map((operand) => operand.ref))
  let result = run()
  return {
    async issue(count) {
      for (let i = 0; i < count; i++) {
        result.dispose()
        result = run()
        if (device === 'webgpu') await result.ref.gpuBuffer()
        else await result.blockUntilReady()
      }
    },
    finish: async () => (await np.sum(result.ref.slice(result.shape[0] - 1)).data())[0],
    result: () => result.ref.data(),
    destroy() {
      for (const value of [...operands, result]) value.dispose()
    },
  }
}
