import type { Kernel } from '../gpu/kernel.ts'
import type { Defines } from '../gpu/preprocess.ts'
import { activationNames } from '../model/catalogue/activations.ts'
import { lossNames } from '../model/catalogue/losses.ts'
import { optimizerVariants } from '../model/catalogue/optimizers.ts'
import { activationBackward, activationForward } from './activation.ts'
import { accumulate, add } from './add.ts'
import { batchNormEvaluate, batchNormGradients, batchNormInput, batchNormNormalize, batchNormStatistics } from './batchNorm.ts'
import { chunkSums, columnSum } from './columnSum.ts'
import { columnSums } from './columnSums.ts'
import { copyColumns } from './copyColumns.ts'
import { conv2d, conv2dWeight } from './conv2d.ts'
import { dropoutKernel } from './dropout.ts'
import { gradientSumKernel } from './gradientSum.ts'
import { gatherSamples } from './gather.ts'
import { globalAvgPool, globalAvgPoolDerivative } from './globalPool.ts'
import { gradientNorm } from './gradientNorm.ts'
import { toHalf } from './half.ts'
import { initializeKernel } from './initialize.ts'
import { layerNormForward, layerNormGradients, layerNormInput } from './layerNorm.ts'
import { accumulateKernel, lossKernel, resultKernel } from './loss.ts'
import { matmul } from './matmul.ts'
import { everyVariant, fits, plainTile } from './matmulVariants.ts'
import { optimizerKernel } from './optimizer.ts'
import { notFinite } from './notFinite.ts'
import { perturbKernel } from './perturb.ts'
import { pool2d, pool2dDerivative } from './pool2d.ts'
import { transpose } from './transpose.ts'
import { sum } from './sum.ts'
import { combine, dot, multiply, stretch } from './vectors.ts'

export interface Expansion {
  shader: string
  defines: Defines
  /** The tuner compiles it on the adapter itself before it is used; here its text is checked, no pipeline made. */
  tuned?: boolean
}

/** Every distinct shader text that the kernels of this folder can ask for. */
export function kernelExpansions(): Expansion[] {
  const distinct = new Map<string, Expansion>()
  const put = (tuned: boolean, { shader, defines = {} }: Kernel) => {
    const key = `${shader} ${JSON.stringify(defines)}`
    if (!distinct.has(key)) distinct.set(key, { shader, defines, tuned })
  }
  for (const kernel of allKernels()) put(false, kernel)
  for (const kernel of tunedKernels()) put(true, kernel)
  return [...distinct.values()]
}

const both = [false, true]
/** A count that vec4 walks, and one that it does not. */
const counts = [64, 7]

function* allKernels(): Generator<Kernel> {
  for (const count of counts) {
    for (const name of activationNames) {
      yield activationForward(name, undefined, count)
      yield activationBackward(name, undefined, count)
    }
    for (const optimizer of optimizerVariants(0.1))
      for (const clip of both) for (const decayed of [count, 0]) yield optimizerKernel(optimizer, count, { clip, decayed })
    yield add(count)
    yield add(count, { activation: 'relu', keep: true })
    yield add(count, { derivative: 'relu', keep: true })
    yield accumulate(count)
    yield gradientSumKernel(count)
    for (const scaled of both) yield toHalf(count, { scaled })
  }
  for (const name of lossNames) for (const gradient of both) yield lossKernel(name, 4, 4, { gradient })
  yield resultKernel(4)
  yield accumulateKernel(4)
  for (const rows of [4, 4096]) for (const columns of [1, 4] as const) yield columnSum(rows, 4, { columns, threads: 4 })
  for (const columns of [
    [4, 4],
    [4, 4, 4, 4],
  ])
    yield columnSums(4, columns)
  const columns = { rows: 4, count: 2, fromColumns: 2, fromFirst: 0, toColumns: 4, toFirst: 2 }
  for (const onTop of both) {
    yield copyColumns({ ...columns, accumulate: onTop })
    yield copyColumns({ rows: 4, count: 4, fromColumns: 4, fromFirst: 0, toColumns: 8, toFirst: 4, accumulate: onTop })
  }
  yield* sum.kernels(64)
  yield* gradientNorm.kernels(64)
  for (const use of [{ project: 0 }, { normalize: 0 }, { move: 1, length: 0 }]) yield* dot.kernels(64, use)
  for (const inPlace of both) yield combine(64, 0, { inPlace })
  yield multiply(64)
  yield stretch(64)
  for (const halves of both) yield notFinite.kernel(64, 0, { halves })
  yield* normKernels()
  yield* imageKernels()
  yield* randomKernels()
  yield* matmulKernels()
}

function* matmulKernels(): Generator<Kernel> {
  for (const transposeA of both) for (const transposeB of both) yield matmul({ m: 4, n: 4, k: 4, transposeA, transposeB })
  const shape = { m: 4, n: 4, k: 4, transposeB: true }
  for (const bias of both) {
    yield matmul(shape, { bias })
    for (const activation of activationNames) yield matmul(shape, { bias, activation })
  }
  for (const derivative of activationNames) yield matmul({ ...shape, transposeB: false }, { derivative })
}

/** All that the tuner tries, at sides that fours walk, at sides that they do not, and where k is split. */
function* tunedKernels(): Generator<Kernel> {
  for (const variant of everyVariant())
    for (const transposeA of both)
      for (const transposeB of both)
        for (const size of [
          { m: 256, n: 256, k: 256 },
          { m: 30, n: 30, k: 30 },
          { m: 16, n: 16, k: 1024 },
        ]) {
          const shape = { ...size, transposeA, transposeB }
          if (!fits(variant, shape)) continue
          yield matmul(shape, { bias: true, activation: 'tanh', keep: true }, variant)
          yield matmul({ ...shape, half: true }, { derivative: 'tanh', scaled: true }, variant)
        }
  const image = { ...convolution, batch: 4, channels: 16, height: 8, width: 8, filters: 16 }
  const square = { m: 256, n: 256, k: 256 } // a convolution asks of a tile no more than a product that is not split
  for (const variant of everyVariant())
    for (const shape of [image, { ...image, channels: 1, filters: 6, kernel: 5 }]) {
      if (variant.kind !== 'registers' || !fits(variant, square)) continue
      yield conv2d(shape, 'forward', { bias: true, activation: 'relu', keep: true }, variant)
      yield conv2d(shape, 'input', { derivative: 'relu' }, variant)
      yield conv2dWeight(shape, variant)
    }
}

/** Sizes are constants of these modules: each way through them once. */
function* imageKernels(): Generator<Kernel> {
  for (const channels of [3, 4]) {
    const pooled = { batch: 2, channels, height: 6, width: 6, size: 2, stride: 2, padding: 0 }
    for (const pooling of ['max', 'average'] as const) {
      yield pool2d(pooling, pooled)
      yield pool2dDerivative(pooling, pooled)
    }
    yield globalAvgPool({ batch: 2, positions: 36, channels })
    yield globalAvgPoolDerivative({ batch: 2, positions: 36, channels })
  }
  yield transpose(2, 3, 4)
  yield chunkSums(4096, 4)
  yield chunkSums(4096, 3)
  for (const shape of convolutions) {
    const sized = { ...plainTile, sized: true }
    for (const pass of ['forward', 'input'] as const) {
      yield conv2d(shape, pass)
      yield conv2d(shape, pass, {}, sized)
    }
    yield conv2d(shape, 'forward', { bias: true, normalize: 1e-5, activation: 'relu' })
    yield conv2d(shape, 'input', { derivative: 'relu', keep: true, keptRows: 4 })
    yield conv2dWeight(shape)
    yield conv2dWeight(shape, sized)
  }
  yield conv2d({ ...convolution, batch: 1, channels: 1, height: 1030, width: 1030, filters: 1, kernel: 1, padding: 0 }, 'forward') // more tiles than z is for
}

const convolution = { batch: 2, channels: 4, height: 6, width: 6, filters: 8, kernel: 3, stride: 1, padding: 1, dilation: 1, groups: 1 }
const convolutions = [
  convolution,
  { ...convolution, channels: 3, filters: 6, stride: 2 },
  { ...convolution, channels: 6, filters: 6, dilation: 2, groups: 3 },
  { ...convolution, groups: 2 },
  { ...convolution, channels: 5, filters: 5 },
]

function* normKernels(): Generator<Kernel> {
  const eps = 1e-5
  for (const rows of [4, 4096]) {
    const channels = { rows, channels: 4, inner: 1 }
    yield* batchNormStatistics(channels, { eps, momentum: 0.1 })
    yield batchNormNormalize(channels)
    yield batchNormNormalize(channels, { activation: 'relu', keep: true })
    yield batchNormEvaluate(channels, { eps })
    yield* batchNormGradients(channels)
    yield batchNormInput(channels)
  }
  for (const features of [4, 2048]) {
    const rows = { rows: 4, features }
    yield layerNormForward(rows, { eps })
    yield layerNormGradients(rows)
    yield layerNormInput(rows)
  }
}

function* randomKernels(): Generator<Kernel> {
  yield initializeKernel({ kind: 'uniform', minimum: 0, maximum: 1 }, 4, 0, 0)
  yield initializeKernel({ kind: 'normal', deviation: 1 }, 4, 0, 0)
  yield initializeKernel({ kind: 'constant', value: 0 }, 4, 0, 0)
  yield dropoutKernel(4, 0.5, 0)
  yield perturbKernel(64)
  const samples = { batch: 4, samples: 4, shardFirst: 0, shardCount: 4 }
  for (const source of ['u8', 'f32'] as const)
    for (const features of [3, 4])
      for (const scalingWidth of [0, 1, features])
        for (const targets of [0, 1]) yield gatherSamples({ ...samples, features, source, scalingWidth, targets })
  const image = { channels: 3, height: 4, width: 5, shift: 1 }
  const images = { ...samples, features: 60, targets: 1 }
  for (const source of ['u8', 'f32'] as const)
    for (const scalingWidth of [0, 1])
      for (const [channelsLast, flip] of [
        [true, true],
        [false, false],
      ] as const)
        yield gatherSamples({ ...images, source, scalingWidth, augmentation: { ...image, channelsLast, flip } })
}
