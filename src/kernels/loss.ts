import { packParams, type Kernel } from '../gpu/kernel.ts'
import { lossKind, type LossName } from '../model/catalogue/losses.ts'

/** Small, because a thread walks a whole row: a batch spreads over more workgroups. */
const rowThreads = 16
const stripThreads = 32

/** Whether a loss holds the sigmoid of the output before it, and is computed from what the sigmoid takes. */
export const holdsSigmoid = (name: LossName) => lossKind(name).holds === 'sigmoid'

/**
 * The loss of `prediction` `[rows, columns]`, for binaryCrossEntropy logits: for each row its share of the batch's mean, and 1 if it is right
 * (crossEntropy: the first largest is the class; binaryCrossEntropy: every element on its target's side of 0; else 0). Rows from the step's
 * batchCount on are 0. Bindings: read prediction, read target (f32 `[rows, columns]`; crossEntropy: i32 `[rows]`), write gradient
 * `[rows, columns]`, write rowResult `[rows]` of vec2f, for binaryCrossEntropy write the gradient of the probabilities `[rows, columns]`; with
 * `gradient: false` no gradients.
 */
export function lossKernel(name: LossName, rows: number, columns: number, { gradient = true } = {}): Kernel {
  const own = lossKind(name).holds === 'softmax'
  const outputGradient = gradient && holdsSigmoid(name)
  return {
    label: `${name} ${rows}×${columns}${gradient ? '' : ' evaluation'}`,
    shader: own ? name : 'loss',
    defines: { WORKGROUP: rowThreads, GRADIENT: gradient, ...(own ? {} : { LOSS: name, OUTPUT_GRADIENT: outputGradient }) },
    params: packParams(rows, columns),
    access: ['read', 'read', 'write', ...(gradient ? (['write'] as const) : []), ...(outputGradient ? (['write'] as const) : [])],
    usesStep: true,
    workgroups: [Math.ceil(rows / rowThreads), 1, 1],
  }
}

/**
 * Sums rowResult into `results[step.slot]`: vec4f (loss, correct, 0, batchCount).
 * Bindings: read rowResult `[rows]`, write results (the whole ring).
 */
export function resultKernel(rows: number): Kernel {
  return {
    label: `result ${rows}`,
    shader: 'result',
    defines: { WORKGROUP: stripThreads, ACCUMULATE: false },
    params: packParams(rows),
    access: ['read', 'write'],
    usesStep: true,
    workgroups: [1, 1, 1],
  }
}

/**
 * Adds a batch to an accumulator of 16 bytes, zeros at first: f32 loss and f32 rest (their sum is the sum of the samples' losses: divide
 * by count), u32 correct, u32 count. Bindings: read rowResult `[rows]`, write accumulator.
 */
export function accumulateKernel(rows: number): Kernel {
  return {
    ...resultKernel(rows),
    label: `accumulate ${rows}`,
    defines: { WORKGROUP: stripThreads, ACCUMULATE: true },
  }
}
