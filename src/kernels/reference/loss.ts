import { sigmoid } from '../../model/catalogue/activations.ts'
import { lossKind, type LossName } from '../../model/catalogue/losses.ts'

export interface LossResult {
  /** The batch's mean: of every element, for crossEntropy of every sample. */
  loss: number
  /** ∂loss/∂prediction, `[rows, columns]`; 0 in padding rows. */
  gradient: Float64Array
  /** `[rows]`: each sample's own loss, 0 in padding rows; `loss` is their sum over the true count. */
  rowLoss: Float64Array
}

interface ElementLoss {
  value(prediction: number, target: number): number
  derivative(prediction: number, target: number): number
}

/** PyTorch's clamp of binaryCrossEntropy's logarithms, and of the divisor in its derivative by the probability. */
const smallestLog = -100
const smallestDivisor = 1e-12
/** log σ(z) = −log(1 + e^(−z)) without overflow, clamped; log(1 − σ(z)) is that of −z. */
const clampedLogSigmoid = (z: number): number => Math.max(Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z))), smallestLog)

const elementLosses = {
  mse: {
    value: (p, t) => (p - t) ** 2,
    derivative: (p, t) => 2 * (p - t),
  },
  mae: {
    value: (p, t) => Math.abs(p - t),
    derivative: (p, t) => Math.sign(p - t),
  },
  huber: {
    value: (p, t) => (Math.abs(p - t) < 1 ? (p - t) ** 2 / 2 : Math.abs(p - t) - 0.5),
    derivative: (p, t) => Math.max(-1, Math.min(1, p - t)),
  },
  // Of logits. Beyond the clamp the derivative stays that of the logarithm; PyTorch's, taken by way of the probability, falls to 0 from |z| = 27 on,
  // where p·(1 − p) is less than the clamp of its divisor.
  binaryCrossEntropy: {
    value: (z, t) => -(t * clampedLogSigmoid(z) + (1 - t) * clampedLogSigmoid(-z)),
    derivative: (z, t) => (1 - t) * sigmoid(z) - t * sigmoid(-z), // σ(z) − t
  },
} satisfies Record<Exclude<LossName, 'crossEntropy'>, ElementLoss>

/** log Σ exp(x) of `columns` values from `at`, in its stable form. */
export function logSumExp(x: ArrayLike<number>, at: number, columns: number): number {
  let largest = -Infinity
  for (let j = 0; j < columns; j++) largest = Math.max(largest, x[at + j]!)
  let sum = 0
  for (let j = 0; j < columns; j++) sum += Math.exp(x[at + j]! - largest)
  return largest + Math.log(sum)
}

/**
 * Loss of `prediction` `[rows, columns]`, huber with delta 1; binaryCrossEntropy holds the sigmoid and takes logits. `target` is `[rows, columns]`,
 * for crossEntropy (which holds the softmax) class indices `[rows]`. Rows from `count` on are padding.
 */
export function loss(
  name: LossName,
  prediction: ArrayLike<number>,
  target: ArrayLike<number>,
  rows: number,
  columns: number,
  count = rows,
): LossResult {
  const gradient = new Float64Array(rows * columns)
  const rowLoss = new Float64Array(rows)
  for (let row = 0; row < count; row++) {
    const at = row * columns
    if (name === 'crossEntropy') {
      const label = target[row]!
      const total = logSumExp(prediction, at, columns)
      rowLoss[row] = total - prediction[at + label]!
      for (let j = 0; j < columns; j++) gradient[at + j] = (Math.exp(prediction[at + j]! - total) - (j === label ? 1 : 0)) / count
    } else {
      const { value, derivative } = elementLosses[name]
      for (let i = at; i < at + columns; i++) {
        rowLoss[row]! += value(prediction[i]!, target[i]!) / columns
        gradient[i] = derivative(prediction[i]!, target[i]!) / (count * columns)
      }
    }
  }
  return { loss: rowLoss.reduce((sum, value) => sum + value, 0) / count, gradient, rowLoss }
}

/** ∂L/∂probability of binaryCrossEntropy, from the logits: PyTorch's, which is finite where the probability is as good as 0 or 1. */
export function probabilityGradient(logits: ArrayLike<number>, target: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const { derivative } = elementLosses.binaryCrossEntropy
  return Float64Array.from(
    logits,
    (z, i) => derivative(z, target[i]!) / Math.max(sigmoid(z) * sigmoid(-z), smallestDivisor) / (rows * columns),
  )
}

/**
 * Samples predicted right, of the first `count`: for crossEntropy those whose (first) largest output is the class, for binaryCrossEntropy
 * those whose every logit lies on its target's side of 0; null for the other losses. A row with a NaN is never right, nor one of crossEntropy whose
 * largest logit is infinite: its softmax is NaN.
 */
export function countCorrect(
  name: LossName,
  prediction: ArrayLike<number>,
  target: ArrayLike<number>,
  rows: number,
  columns: number,
  count = rows,
): number | null {
  if (!lossKind(name).ofClasses) return null
  let correct = 0
  for (let row = 0; row < count; row++) {
    const at = row * columns
    let right = true
    if (name === 'crossEntropy') {
      let best = 0
      for (let j = 1; j < columns; j++) if (prediction[at + j]! > prediction[at + best]!) best = j
      right = best === target[row] && Number.isFinite(logSumExp(prediction, at, columns))
    } else {
      for (let i = at; i < at + columns; i++) right &&= !Number.isNaN(prediction[i]!) && prediction[i]! >= 0 === target[i]! >= 0.5
    }
    if (right) correct++
  }
  return correct
}
