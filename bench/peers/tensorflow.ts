import { countCalls } from '../calls.ts'
import { factors } from '../kernels/matmul-cases.ts'
import { adamSettings, taskData, type Task } from '../tasks.ts'
import { imageTraining } from './tensorflow-images.ts'
import { minimizing } from './tensorflow-training.ts'
import type { ConvShape } from '../../src/kernels/shapes.ts'
import { permuted } from '../image-tasks.ts'
import { convOperands } from '../kernels/conv-cases.ts'
import type { Library, Peer, PeerKernel, PeerTraining } from './peer.ts'

/** TensorFlow.js's core API: a tape of operations, `variableGrads`, its own optimizers. */
export async function tensorflowPeer(tf: Library, backend: 'webgpu' | 'wasm'): Promise<Peer> {
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js could not start its ${backend} backend`)
  await tf.ready()
  tf.enableProdMode()
  return {
    engine: `tfjs-${backend}`,
    training: async (task) => training(tf, task),
    imageTraining: async (task) => imageTraining(tf, task),
    matmul: async (m, n, k) => matmul(tf, m, n, k),
    convolution: async (shape) => convolution(tf, shape),
    ...(backend === 'webgpu' && { countCalls }),
  }
}

function training(tf: Library, task: Task): PeerTraining {
  const data = taskData(task)
  const x = tf.tensor2d(data.x, [task.batch, task.sizes[0]])
  const y = tf.tensor2d(data.y, [task.batch, task.sizes.at(-1)])
  const weights = data.layers.map(({ weight, inputs, outputs }) => tf.variable(tf.tensor2d(weight, [inputs, outputs])))
  const biases = data.layers.map(({ bias }) => tf.variable(tf.tensor1d(bias)))
  const { beta1, beta2, eps } = adamSettings
  const optimizer = task.optimizer === 'sgd' ? tf.train.sgd(task.learningRate) : tf.train.adam(task.learningRate, beta1, beta2, eps)
  const loss = () => {
    let value = x
    weights.forEach((weight: Library, i: number) => {
      value = tf.add(tf.matMul(value, weight), biases[i])
      if (i < weights.length - 1) value = tf[task.hidden](value)
    })
    return task.loss === 'mse' ? tf.losses.meanSquaredError(y, tf.sigmoid(value)) : tf.losses.softmaxCrossEntropy(y, value)
  }
  return minimizing(tf, optimizer, loss, [...weights, ...biases], [x, y])
}

function matmul(tf: Library, m: number, n: number, k: number): PeerKernel {
  const { a, b } = factors([m, n, k])
  return kernel(tf, [tf.tensor2d(a, [m, k]), tf.tensor2d(b, [k, n])], (left, right) => tf.matMul(left, right))
}

/** Channels last, the library's own layout and the fastest that it has. */
function convolution(tf: Library, shape: ConvShape): PeerKernel {
  const { batch, channels, height, width, filters, kernel: taps, stride, padding, dilation } = shape
  const { x, weight, sizes } = convOperands(shape)
  const operands = [
    tf.tensor4d(permuted(x, sizes.x, [0, 2, 3, 1]), [batch, height, width, channels]),
    tf.tensor4d(permuted(weight, sizes.weight, [2, 3, 1, 0]), [taps, taps, channels, filters]),
  ]
  return kernel(tf, operands, (images, filter) => tf.conv2d(images, filter, stride, padding, 'NHWC', dilation))
}

function kernel(tf: Library, operands: readonly Library[], work: (left: Library, right: Library) => Library): PeerKernel {
  const [left, right] = operands
  let result = work(left, right)
  return {
    issue(count) {
      for (let i = 0; i < count; i++) {
        result.dispose()
        result = work(left, right)
      }
    },
    finish: () => readOne(result),
    result: () => result.data(),
    destroy: () => tf.dispose([...operands, result]),
  }
}

async function readOne(tensor: Library): Promise<number> {
  const entry = tensor.slice(
    tensor.shape.map(() => 0),
    tensor.shape.map(() => 1),
  )
  const [value] = await entry.data()
  entry.dispose()
  return value
}
