import { activationBackward, activationForward } from '../../src/kernels/activation.ts'
import { columnSumProblem } from '../../src/kernels/columnSum.ts'
import { gatherSamples } from '../../src/kernels/gather.ts'
import { layerNormForward, layerNormInput } from '../../src/kernels/layerNorm.ts'
import { lossKernel } from '../../src/kernels/loss.ts'
import { moments, optimizerKernel } from '../../src/kernels/optimizer.ts'
import { sum } from '../../src/kernels/sum.ts'
import * as reference from '../../src/kernels/reference/activation.ts'
import { gather } from '../../src/kernels/reference/gather.ts'
import { loss } from '../../src/kernels/reference/loss.ts'
import { orderKeys } from '../../src/kernels/permutation.ts'
import { sumRows } from '../../src/kernels/reference/matmul.ts'
import { layerNorm, layerNormBackward, layerStatistics } from '../../src/kernels/reference/norm.ts'
import { optimizerState, updateParameter, type OptimizerSettings } from '../../src/kernels/reference/optimizer.ts'
import type { ActivationName, Optimizer } from '../../src/model/types.ts'
import { randomNumbers } from '../random.ts'
import { memoryCase, unwritten, type NamedCase } from './kernel-case.ts'

/** The kernels that move more than they compute; a few sizes each, from what fits a cache to what does not. */
export function otherCases(): NamedCase[] {
  const [small, large] = [2 ** 16, 2 ** 21]
  return [
    ...[small, large].flatMap((count) => [forward('tanh', count), forward('gelu', count), backward('tanh', count)]),
    forward('relu', large),
    ...[235_148, large].flatMap((count) => [optimizer('sgd', count), optimizer('adam', count)]),
    columns(128, 256),
    columns(4096, 1024),
    total(2 ** 20),
    gathering(128, 784),
    layer(256, 1024),
    layerInput(256, 1024),
    crossEntropy(128, 10),
    crossEntropy(256, 1000),
  ]
}

const forward = (activation: ActivationName, count: number) =>
  memoryCase(`${activation}-${count}`, () => {
    const [x, output] = [randomNumbers(count, 1, 4), unwritten(count)]
    return {
      operations: count,
      bytes: 8 * count,
      calls: [{ kernel: activationForward(activation, undefined, count), buffers: [x, output] }],
      output,
      expected: () => reference.activate(activation, x),
      tolerance: 1e-5,
    }
  })

/** From the saved output, as the engine keeps it. */
const backward = (activation: 'tanh', count: number) =>
  memoryCase(`${activation}-backward-${count}`, () => {
    const x = randomNumbers(count, 1, 4)
    const y = Float32Array.from(reference.activate(activation, x))
    const [gradient, output] = [randomNumbers(count, 2), unwritten(count)]
    return {
      operations: 3 * count,
      bytes: 12 * count,
      calls: [{ kernel: activationBackward(activation, undefined, count), buffers: [y, gradient, output] }],
      output,
      expected: () => Float64Array.from(gradient, (value, i) => value * (1 - y[i]! ** 2)),
      tolerance: 1e-5,
    }
  })

const learningRate = 0.01
const settings = {
  sgd: { type: 'sgd', weightDecay: 0, momentum: 0, nesterov: false },
  adam: { type: 'adam', weightDecay: 0, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
} as const satisfies Record<string, OptimizerSettings>
const adamStep = {
  beta1: 0.9,
  beta2: 0.999,
  oneMinusBeta1: 0.1,
  oneMinusBeta2: 0.001,
  epsilon: 1e-8,
  correction1: 0.1,
  correction2: Math.sqrt(0.001),
}

const optimizer = (type: 'sgd' | 'adam', count: number) =>
  memoryCase(`${type}-${count}`, () => {
    const [parameters, gradient] = [randomNumbers(count, 1), randomNumbers(count, 2)]
    const optimizerOf = { learningRate, ...settings[type] } as Optimizer
    const kept = moments(optimizerOf).map(() => new Float32Array(count))
    return {
      operations: (type === 'sgd' ? 2 : 13) * count,
      bytes: 4 * count * (3 + 2 * kept.length),
      calls: [{ kernel: optimizerKernel(optimizerOf, count), buffers: [parameters, gradient, ...kept] }],
      step: { step: 1, learningRate, ...(type === 'adam' ? adamStep : {}) },
      output: parameters,
      expected: () => {
        const updated = Float64Array.from(parameters)
        updateParameter(settings[type], learningRate, 1, updated, gradient, optimizerState(count))
        return updated
      },
      tolerance: 1e-6,
    }
  })

const columns = (rows: number, width: number) =>
  memoryCase(`columnSum-${rows}x${width}`, async (bench) => {
    const { name: variant, kernel } = await bench.candidateFor(columnSumProblem(rows, width))
    const [x, output] = [randomNumbers(rows * width, 1), unwritten(width)]
    return {
      operations: rows * width,
      bytes: 4 * (rows * width + width),
      calls: [{ kernel, buffers: [x, output] }],
      variant,
      output,
      expected: () => sumRows(x, width),
      tolerance: 1e-5,
    }
  })

const total = (count: number) =>
  memoryCase(`sum-${count}`, () => {
    const x = randomNumbers(count, 1).map((value) => value + 1) // around 1: a sum near 0 has no scale
    const [partials, output] = [unwritten(sum.partialBytes / 4), unwritten(1)]
    const [first, second] = sum.kernels(count)
    return {
      operations: count,
      bytes: 4 * count,
      calls: [
        { kernel: first, buffers: [x, partials] },
        { kernel: second, buffers: [partials, output] },
      ],
      output,
      expected: () => [x.reduce((subtotal, value) => subtotal + value, 0)],
      tolerance: 1e-5,
    }
  })

const gathering = (rows: number, width: number) =>
  memoryCase(`gather-u8-${rows}x${width}`, () => {
    const samples = 4096
    const seed = 7
    const [order0, order1, order2, order3] = orderKeys(seed, 2)
    const x = Uint8Array.from(randomNumbers(samples * width, 1), (value) => (value + 1) * 127)
    const [scaling, output] = [new Float32Array([0.13, 1 / 0.31]), unwritten(rows * width)]
    const kernel = gatherSamples({
      batch: rows,
      features: width,
      source: 'u8',
      samples,
      shardFirst: 0,
      shardCount: samples,
      scalingWidth: 1,
      targets: 0,
    })
    return {
      operations: 3 * rows * width,
      bytes: 5 * rows * width,
      calls: [{ kernel, buffers: [x, scaling, output] }],
      step: { batchCount: rows, sampleCount: samples, shuffle: 1, order0, order1, order2, order3 },
      output,
      expected: () => gather(x, { samples, width, first: 0, rows, shuffle: { seed, epoch: 2 }, mean: [0.13], deviation: [0.31] }),
      tolerance: 1e-5,
    }
  })

const eps = 1e-5

const layer = (rows: number, features: number) =>
  memoryCase(`layerNorm-${rows}x${features}`, () => {
    const [x, weight, bias] = [randomNumbers(rows * features, 1, 2), randomNumbers(features, 2), randomNumbers(features, 3)]
    const output = unwritten(rows * features)
    return {
      operations: 8 * rows * features,
      bytes: 8 * rows * features,
      calls: [
        { kernel: layerNormForward({ rows, features }, { eps }), buffers: [x, weight, bias, output, unwritten(rows), unwritten(rows)] },
      ],
      output,
      expected: () => layerNorm(x, weight, bias, { rows, features, eps }),
      tolerance: 1e-5,
    }
  })

const layerInput = (rows: number, features: number) =>
  memoryCase(`layerNorm-backward-${rows}x${features}`, () => {
    const [x, gradient, weight] = [randomNumbers(rows * features, 1, 2), randomNumbers(rows * features, 2), randomNumbers(features, 3)]
    const { mean, variance } = layerStatistics(x, { rows, features, eps })
    const inverse = Float32Array.from(variance, (value) => 1 / Math.sqrt(value + eps))
    const output = unwritten(rows * features)
    return {
      operations: 12 * rows * features,
      bytes: 12 * rows * features,
      calls: [{ kernel: layerNormInput({ rows, features }), buffers: [x, gradient, Float32Array.from(mean), inverse, weight, output] }],
      output,
      expected: () => layerNormBackward(gradient, x, weight, { rows, features, eps }).input,
      tolerance: 1e-5,
    }
  })

const crossEntropy = (rows: number, classes: number) =>
  memoryCase(`crossEntropy-${rows}x${classes}`, () => {
    const x = randomNumbers(rows * classes, 1, 4)
    const labels = Int32Array.from({ length: rows }, (_, i) => (i * 7) % classes)
    const output = unwritten(rows * classes)
    return {
      operations: 5 * rows * classes,
      bytes: 8 * rows * classes,
      calls: [{ kernel: lossKernel('crossEntropy', rows, classes), buffers: [x, labels, output, unwritten(2 * rows)] }],
      step: { batchCount: rows, meanOver: rows },
      output,
      expected: () => loss('crossEntropy', x, labels, rows, classes).gradient,
      tolerance: 1e-5,
    }
  })
