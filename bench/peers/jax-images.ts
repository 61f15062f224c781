import { completeBatchNorm } from '../../src/model/catalogue/layers/norm.ts'
import { parametersOf } from '../../src/model/shapes.ts'
import type { Layer } from '../../src/model/types.ts'
import { imageTaskData, oneHot, permuted, type ImageTask } from '../image-tasks.ts'
import type { Library, PeerTraining } from './peer.ts'

/** The whole step under `jit`, channels first, which is jax-js's own layout; as in jax.ts, every use of an array consumes it, and `.ref` keeps it. */
export function imageTraining(jax: Library, device: 'webgpu' | 'wasm', task: ImageTask): PeerTraining {
  const { numpy: np, nn } = jax
  const { network, batch, learningRate, momentum } = task
  const data = imageTaskData(task)
  const x = np.array(data.x, { shape: [batch, ...network.input] })
  const y = np.array(oneHot(data.y), { shape: [batch, 10] })
  const specs = parametersOf(network).filter(({ trainable }) => trainable)
  const places = new Map(specs.map(({ path }, i) => [path, i]))
  const first = (): Library[] =>
    specs.map(({ path, shape }) => {
      const values = data.parameters[path]!
      return np.array(shape.length === 2 ? permuted(values, shape, [1, 0]) : values, { shape: inPlace(shape) })
    })
  const loss = (parameters: Library[], input: Library, target: Library) => {
    const output = forward(jax, network.layers, 'layers', input, (path) => parameters[places.get(path)!])
    return np.sum(nn.logSoftmax(output, -1).mul(target)).mul(-1 / batch)
  }
  const compiled = jax.jit((before: Library[], velocity: Library[], input: Library, target: Library) => {
    const [value, gradient] = jax.valueAndGrad(loss)(
      before.map((tensor) => tensor.ref),
      input,
      target,
    )
    const direction: Library[] = momentum > 0 ? velocity.map((tensor, i) => tensor.mul(momentum).add(gradient[i])) : gradient
    const kept = momentum > 0 ? direction.map((tensor) => tensor.ref) : []
    return [value, before.map((tensor, i) => tensor.sub(direction[i].mul(learningRate))), kept]
  })
  const still = (): Library[] => (momentum > 0 ? specs.map(({ shape }) => np.zeros(inPlace(shape))) : [])
  let [parameters, velocity] = [first(), still()]
  const step = () => {
    const [value, after, moved] = compiled(parameters, velocity, x.ref, y.ref)
    ;[parameters, velocity] = [after, moved]
    return value
  }
  step().dispose() // traces and compiles, and computes nothing
  ;[parameters, velocity] = [first(), still()]
  return {
    async losses(count) {
      const found: number[] = []
      for (let i = 0; i < count; i++) found.push((await step().data())[0])
      return found
    },
    async issue(count) {
      for (let i = 0; i < count; i++) {
        const value = step()
        if (device === 'webgpu') await value.gpuBuffer()
        else await value.data()
      }
    },
    finish: async () => (await np.sum(parameters.at(-1).ref).data())[0],
    destroy() {
      for (const value of [...parameters, ...velocity, x, y]) value.dispose()
    },
  }
}

/** A dense weight's shape as `[inputs, outputs]`; the others stay. */
const inPlace = (shape: number[]) => (shape.length === 2 ? shape.toReversed() : shape)

function forward(jax: Library, layers: readonly Layer[], prefix: string, input: Library, get: (path: string) => Library): Library {
  const { numpy: np, nn, lax } = jax
  const ofChannel = (path: string) => get(path).reshape([1, -1, 1, 1])
  return layers.reduce((value, layer, i) => {
    const path = `${prefix}.${i}`
    switch (layer.type) {
      case 'conv2d': {
        const { stride = 1, padding = 0 } = layer
        const sides = [padding, padding]
        const made = lax.convGeneralDilated(value, get(`${path}.weight`), [stride, stride], [sides, sides])
        return layer.bias === false ? made : made.add(ofChannel(`${path}.bias`))
      }
      case 'batchNorm': {
        const mean = np.mean(value.ref, [0, 2, 3], { keepdims: true })
        const off = value.sub(mean)
        const variance = np.mean(np.square(off.ref), [0, 2, 3], { keepdims: true })
        return off
          .div(np.sqrt(variance.add(completeBatchNorm(layer).eps)))
          .mul(ofChannel(`${path}.weight`))
          .add(ofChannel(`${path}.bias`))
      }
      case 'maxPool2d':
      case 'avgPool2d': {
        // Windows that lie side by side, as one pools with primitives
        const [batch, channels, height, width] = value.shape
        const { size } = layer
        const windows = value.reshape([batch, channels, height / size, size, width / size, size])
        return layer.type === 'maxPool2d' ? np.max(windows, [3, 5]) : np.mean(windows, [3, 5])
      }
      case 'globalAvgPool2d':
        return np.mean(value, [2, 3])
      case 'flatten':
        return value.reshape([value.shape[0], -1])
      case 'dense':
        return np.matmul(value, get(`${path}.weight`)).add(get(`${path}.bias`))
      case 'relu':
        return nn.relu(value)
      case 'tanh':
        return np.tanh(value)
      case 'residual': {
        const through = forward(jax, layer.layers, `${path}.layers`, value.ref, get)
        return through.add(forward(jax, layer.shortcut ?? [], `${path}.shortcut`, value, get))
      }
      default:
        throw new Error(`no ${layer.type} here`)
    }
  }, input)
}
