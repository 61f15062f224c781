/** `[rows, channels, inner]`: inner is 1 for features, height · width for images. Rows from `count` on are padding. */
export interface BatchNormSizes {
  rows: number
  channels: number
  inner: number
  eps: number
  count?: number
}
/** `[rows, features]`, each row normalised over its features. */
export interface LayerNormSizes {
  rows: number
  features: number
  eps: number
}

export interface NormGradients {
  /** ∂L/∂x, shaped like x; 0 in padding rows. */
  input: Float64Array
  weight: Float64Array
  bias: Float64Array
}

/** Visits every element of `[rows, channels, inner]` with its index and channel. */
function eachElement(rows: number, channels: number, inner: number, visit: (i: number, channel: number) => void): void {
  for (let i = 0; i < rows * channels * inner; i++) visit(i, Math.floor(i / inner) % channels)
}

/** Mean and biased variance of every channel over the first `count` rows. */
export function batchStatistics(x: ArrayLike<number>, sizes: BatchNormSizes): { mean: Float64Array; variance: Float64Array } {
  const { rows, channels, inner, count = rows } = sizes
  const mean = new Float64Array(channels)
  const variance = new Float64Array(channels)
  const n = count * inner
  eachElement(count, channels, inner, (i, c) => (mean[c]! += x[i]! / n))
  eachElement(count, channels, inner, (i, c) => (variance[c]! += (x[i]! - mean[c]!) ** 2 / n))
  return { mean, variance }
}

/** `(x − mean) / √(variance + eps) · weight + bias` per channel: batchNorm with given statistics (evaluation: the running ones). */
export function batchNormApply(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  mean: ArrayLike<number>,
  variance: ArrayLike<number>,
  { rows, channels, inner, eps }: BatchNormSizes,
): Float64Array {
  const out = new Float64Array(x.length)
  eachElement(rows, channels, inner, (i, c) => {
    out[i] = ((x[i]! - mean[c]!) / Math.sqrt(variance[c]! + eps)) * weight[c]! + bias[c]!
  })
  return out
}

/** The running statistics after one training batch, as PyTorch keeps them: the variance unbiased. */
export function runningStatistics(
  running: { mean: ArrayLike<number>; variance: ArrayLike<number> },
  batch: { mean: ArrayLike<number>; variance: ArrayLike<number> },
  momentum: number,
  { rows, inner, count = rows }: BatchNormSizes,
): { mean: Float64Array; variance: Float64Array } {
  const n = count * inner
  return {
    mean: Float64Array.from(running.mean, (value, c) => (1 - momentum) * value + momentum * batch.mean[c]!),
    variance: Float64Array.from(running.variance, (value, c) => (1 - momentum) * value + (momentum * batch.variance[c]! * n) / (n - 1)),
  }
}

/** Gradients of batchNorm in training, where mean and variance depend on x. */
export function batchNormBackward(
  gradient: ArrayLike<number>,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  mean: ArrayLike<number>,
  variance: ArrayLike<number>,
  sizes: BatchNormSizes,
): NormGradients {
  const { rows, channels, inner, eps, count = rows } = sizes
  const n = count * inner
  const input = new Float64Array(x.length)
  const weightGradient = new Float64Array(channels)
  const biasGradient = new Float64Array(channels)
  const normalised = (i: number, c: number): number => (x[i]! - mean[c]!) / Math.sqrt(variance[c]! + eps)
  eachElement(count, channels, inner, (i, c) => {
    weightGradient[c]! += gradient[i]! * normalised(i, c)
    biasGradient[c]! += gradient[i]!
  })
  eachElement(count, channels, inner, (i, c) => {
    const centred = gradient[i]! - biasGradient[c]! / n - (normalised(i, c) * weightGradient[c]!) / n
    input[i] = (weight[c]! / Math.sqrt(variance[c]! + eps)) * centred
  })
  return { input, weight: weightGradient, bias: biasGradient }
}

/** Mean and biased variance of every row. */
export function layerStatistics(x: ArrayLike<number>, { rows, features }: LayerNormSizes): { mean: Float64Array; variance: Float64Array } {
  const mean = new Float64Array(rows)
  const variance = new Float64Array(rows)
  for (let i = 0; i < rows * features; i++) mean[Math.floor(i / features)]! += x[i]! / features
  for (let i = 0; i < rows * features; i++) {
    const row = Math.floor(i / features)
    variance[row]! += (x[i]! - mean[row]!) ** 2 / features
  }
  return { mean, variance }
}

/** `(x − mean) / √(variance + eps) · weight + bias`, mean and variance of each row, weight and bias of each feature. */
export function layerNorm(x: ArrayLike<number>, weight: ArrayLike<number>, bias: ArrayLike<number>, sizes: LayerNormSizes): Float64Array {
  const { features, eps } = sizes
  const { mean, variance } = layerStatistics(x, sizes)
  return Float64Array.from(x, (value, i) => {
    const row = Math.floor(i / features)
    return ((value - mean[row]!) / Math.sqrt(variance[row]! + eps)) * weight[i % features]! + bias[i % features]!
  })
}

export function layerNormBackward(
  gradient: ArrayLike<number>,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  sizes: LayerNormSizes,
): NormGradients {
  const { rows, features, eps } = sizes
  const { mean, variance } = layerStatistics(x, sizes)
  const input = new Float64Array(x.length)
  const weightGradient = new Float64Array(features)
  const biasGradient = new Float64Array(features)
  for (let row = 0; row < rows; row++) {
    const at = row * features
    const inverse = 1 / Math.sqrt(variance[row]! + eps)
    const normalised = (j: number): number => (x[at + j]! - mean[row]!) * inverse
    let sum = 0
    let product = 0
    for (let j = 0; j < features; j++) {
      weightGradient[j]! += gradient[at + j]! * normalised(j)
      biasGradient[j]! += gradient[at + j]!
      sum += gradient[at + j]! * weight[j]!
      product += gradient[at + j]! * weight[j]! * normalised(j)
    }
    for (let j = 0; j < features; j++) {
      input[at + j] = inverse * (gradient[at + j]! * weight[j]! - sum / features - (normalised(j) * product) / features)
    }
  }
  return { input, weight: weightGradient, bias: biasGradient }
}
