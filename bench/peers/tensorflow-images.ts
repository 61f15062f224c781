import { completeBatchNorm } from '../../src/model/catalogue/layers/norm.ts'
import { parametersOf } from '../../src/model/shapes.ts'
import type { Layer } from '../../src/model/types.ts'
import { flattenedBefore, imageTaskData, oneHot, permuted, type ImageTask } from '../image-tasks.ts'
import type { Library, PeerTraining } from './peer.ts'
import { minimizing } from './tensorflow-training.ts'

/** TensorFlow.js's own layout, channels last; batchNorm from `moments`, as its layers do in training. */
export function imageTraining(tf: Library, task: ImageTask): PeerTraining {
  const { network, batch, learningRate, momentum } = task
  const data = imageTaskData(task)
  const [channels, height, width] = network.input as [number, number, number]
  const x = tf.tensor4d(permuted(data.x, [batch, channels, height, width], [0, 2, 3, 1]), [batch, height, width, channels])
  const y = tf.tensor2d(oneHot(data.y), [batch, 10])
  const variables = new Map<string, Library>()
  for (const { path, shape, trainable } of parametersOf(network)) {
    if (!trainable) continue
    const values = data.parameters[path]!
    variables.set(path, tf.variable(asTensor(tf, network, path, values, shape)))
  }
  const get = (path: string) => variables.get(path)
  const optimizer = momentum > 0 ? tf.train.momentum(learningRate, momentum) : tf.train.sgd(learningRate)
  const loss = () => tf.losses.softmaxCrossEntropy(y, forward(tf, network.layers, 'layers', x, get))
  return minimizing(tf, optimizer, loss, [...variables.values()], [x, y])
}

/** A convolution's weight as [kernel, kernel, channels, filters]; a dense one as [inputs, outputs], its inputs in the order in which images lie here. */
function asTensor(tf: Library, network: ImageTask['network'], path: string, values: Float32Array, shape: number[]): Library {
  if (shape.length === 4) {
    const [filters, channels, rows, columns] = shape as [number, number, number, number]
    return tf.tensor4d(permuted(values, shape, [2, 3, 1, 0]), [rows, columns, channels, filters])
  }
  if (shape.length === 1) return tf.tensor1d(values)
  const [outputs, inputs] = shape as [number, number]
  const image = flattenedBefore(network, path.replace(/\.weight$/, ''))
  const transposed = image ? permuted(values, [outputs, ...image], [2, 3, 1, 0]) : permuted(values, shape, [1, 0])
  return tf.tensor2d(transposed, [inputs, outputs])
}

/**
 * `conv2d`; for the WASM backend, which has no gradient of the weights, with one from primitives: images and the gradient of what comes out change
 * places, samples with channels, and are convolved, stride for dilation. On WebGPU that takes as long as the backend's own.
 */
function convolve(tf: Library, images: Library, weight: Library, stride: number, padding: number): Library {
  if (tf.getBackend() !== 'wasm') return tf.conv2d(images, weight, stride, padding)
  const forwardAndBack = tf.customGrad((x: Library, w: Library, save: (tensors: Library[]) => void) => {
    save([x, w])
    const gradFunc = (dy: Library, [savedX, savedW]: Library[]) => {
      const [rows, columns, channels, filters] = savedW.shape
      const turned = tf.conv2d(tf.transpose(savedX, [3, 1, 2, 0]), tf.transpose(dy, [1, 2, 0, 3]), 1, padding, 'NHWC', stride)
      const taps = tf.slice(turned, [0, 0, 0, 0], [channels, rows, columns, filters]) // a stride leaves a border that no window reached
      return [tf.conv2dTranspose(dy, savedW, savedX.shape, stride, padding), tf.transpose(taps, [1, 2, 0, 3])]
    }
    return { value: tf.conv2d(x, w, stride, padding), gradFunc }
  })
  return forwardAndBack(images, weight)
}

function forward(tf: Library, layers: readonly Layer[], prefix: string, input: Library, get: (path: string) => Library): Library {
  return layers.reduce((value, layer, i) => {
    const path = `${prefix}.${i}`
    switch (layer.type) {
      case 'conv2d': {
        const made = convolve(tf, value, get(`${path}.weight`), layer.stride ?? 1, layer.padding ?? 0)
        return layer.bias === false ? made : tf.add(made, get(`${path}.bias`))
      }
      case 'batchNorm': {
        const { mean, variance } = tf.moments(value, [0, 1, 2])
        const normal = tf.mul(tf.sub(value, mean), tf.rsqrt(tf.add(variance, completeBatchNorm(layer).eps)))
        return tf.add(tf.mul(normal, get(`${path}.weight`)), get(`${path}.bias`))
      }
      case 'maxPool2d':
        return tf.maxPool(value, layer.size, layer.stride ?? layer.size, 'valid')
      case 'avgPool2d':
        return tf.avgPool(value, layer.size, layer.stride ?? layer.size, 'valid')
      case 'globalAvgPool2d':
        return tf.mean(value, [1, 2])
      case 'flatten':
        return tf.reshape(value, [value.shape[0], -1])
      case 'dense':
        return tf.add(tf.matMul(value, get(`${path}.weight`)), get(`${path}.bias`))
      case 'relu':
      case 'tanh':
        return tf[layer.type](value)
      case 'residual':
        return tf.add(
          forward(tf, layer.layers, `${path}.layers`, value, get),
          forward(tf, layer.shortcut ?? [], `${path}.shortcut`, value, get),
        )
      default:
        throw new Error(`no ${layer.type} here`)
    }
  }, input)
}
