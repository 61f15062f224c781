import { openDevice, type Gpu } from '../../src/gpu/device.ts'
import type { Observation, ObservedLink, ObservedParameter, TensorView } from '../../src/graph/observation.ts'

/** Random numbers in [0, 1), the same for the same seed. */
export function randomSource(seed: number) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export interface Fixture {
  gpu: Gpu
  device: GPUDevice
  observation: Observation
  weights: Float32Array<ArrayBuffer>
  gradients: Float32Array<ArrayBuffer>
  /** Index of a block's element in `weights` and `gradients`. */
  at(block: number, row: number, column: number): number
  writeGradient(index: number, value: number): void
  writeWeight(index: number, value: number): void
  errors: string[]
  destroy(): void
}

let shared: Promise<Gpu> | undefined

/** A dense network's buffers as a trainer would leave them: two arenas for weights and gradients, a buffer for each column's activations. */
export async function fixture(
  widths: number[],
  options: {
    batch?: number
    seed?: number
    transposed?: boolean
    links?: ObservedLink[]
    gradient?: (random: () => number, layer: number) => number
  } = {},
): Promise<Fixture> {
  const { batch = 3, seed = 1, transposed = false, links = [] } = options
  const gradient = options.gradient ?? ((random) => (random() - 0.5) * 10 ** (-4 * random()))
  const gpu = await (shared ??= openDevice())
  const { device } = gpu
  const errors: string[] = []
  const stopHearing = gpu.onError((problem) => errors.push(problem.message))
  const random = randomSource(seed)
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const buffers: GPUBuffer[] = []
  const upload = (label: string, data: Float32Array<ArrayBuffer>) => {
    const buffer = device.createBuffer({ label, size: data.byteLength, usage })
    device.queue.writeBuffer(buffer, 0, data)
    buffers.push(buffer)
    return buffer
  }
  const align = (n: number) => Math.ceil(n / 64) * 64
  const offsets: { weight: number; bias: number }[] = []
  let size = 0
  for (let layer = 1; layer < widths.length; layer++) {
    const weight = size
    const bias = weight + align(widths[layer]! * widths[layer - 1]!)
    size = bias + align(widths[layer]!)
    offsets.push({ weight, bias })
  }
  const weights = Float32Array.from({ length: size }, () => random() * 2 - 1)
  const gradients = new Float32Array(size)
  offsets.forEach(({ weight, bias }, layer) => {
    for (let i = 0; i < widths[layer]! * widths[layer + 1]!; i++) gradients[weight + i] = gradient(random, layer)
    for (let i = 0; i < widths[layer + 1]!; i++) gradients[bias + i] = gradient(random, layer)
  })
  const weightBuffer = upload('weights', weights)
  const gradientBuffer = upload('gradients', gradients)
  const view = (buffer: GPUBuffer, first: number, shape: number[], strides: number[]): TensorView => ({
    buffer,
    offset: 4 * first,
    size: 4 * shape.reduce((a, b) => a * b, 1),
    shape,
    strides,
    dtype: 'f32',
  })
  const strides = (rows: number, columns: number) => (transposed ? [1, rows] : [columns, 1])
  const columns = widths.map((width, i) => {
    const activation = Float32Array.from({ length: batch * width }, () => Math.tanh(3 * random() - 1.5))
    const delta = Float32Array.from({ length: batch * width }, () => (random() - 0.5) * 1e-3)
    const own = offsets[i - 1]
    return {
      path: own ? `layers.${2 * (i - 1)}` : 'input',
      label: own ? `dense ${width} · tanh` : `input ${width}`,
      width,
      shape: [width],
      activation: view(upload(`activation ${i}`, activation), 0, [batch, width], [width, 1]),
      ...(own && {
        gradient: view(upload(`delta ${i}`, delta), 0, [batch, width], [width, 1]),
        bias: view(weightBuffer, own.bias, [width], [1]),
        biasGradient: view(gradientBuffer, own.bias, [width], [1]),
      }),
    }
  })
  const blocks = offsets.map(({ weight }, i) => {
    const shape = [widths[i + 1]!, widths[i]!]
    return {
      path: `layers.${2 * i}.weight`,
      from: i,
      to: i + 1,
      weight: view(weightBuffer, weight, shape, strides(shape[0]!, shape[1]!)),
      gradient: view(gradientBuffer, weight, shape, strides(shape[0]!, shape[1]!)),
    }
  })
  const parameters = blocks.flatMap(({ path, to, weight, gradient: dWeight }): ObservedParameter[] => {
    const { path: layer, bias, biasGradient } = columns[to]!
    return [
      { path, kind: 'weight', layer, weight, gradient: dWeight },
      { path: `${layer}.bias`, kind: 'bias', layer, weight: bias!, gradient: biasGradient! },
    ]
  })
  return {
    gpu,
    device,
    observation: { step: 1, batch, columns, blocks, links, containers: [], parameters },
    weights,
    gradients,
    at: (block, row, column) => {
      const { gradient: tensor } = blocks[block]!
      return tensor.offset / 4 + row * tensor.strides[0]! + column * tensor.strides[1]!
    },
    writeGradient(index, value) {
      gradients[index] = value
      device.queue.writeBuffer(gradientBuffer, 4 * index, new Float32Array([value]))
    },
    writeWeight(index, value) {
      weights[index] = value
      device.queue.writeBuffer(weightBuffer, 4 * index, new Float32Array([value]))
    },
    errors,
    destroy() {
      stopHearing()
      for (const buffer of buffers) buffer.destroy()
    },
  }
}
