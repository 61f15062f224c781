import { packParams, type Kernel } from '../gpu/kernel.ts'
import { completeOptimizer, optimizerKind, type Optimizer } from '../model/catalogue/optimizers.ts'
import { elementwise } from './elements.ts'

/**
 * Which moments an optimizer keeps for each parameter, zeros at first. They are PyTorch's, but for a second moment beyond float32, which would be
 * infinite there: it lies in memory as −2⁻¹⁶⁰ of itself (shaders/secondMoment.wgsl).
 */
export const moments = (optimizer: Optimizer): readonly ('first' | 'second')[] =>
  optimizerKind(optimizer).moments(completeOptimizer(optimizer) as never)

/** Floating-point operations of the update of one parameter, a root as one; what large gradients need besides is not counted. */
export const updateFlops = (optimizer: Optimizer): number =>
  optimizerKind(optimizer).flops(completeOptimizer(optimizer) as never) + (optimizer.weightDecay ? 2 : 0)

/** Whether the update looks ahead along its momentum. */
export const nesterov = (optimizer: Optimizer) => optimizer.type === 'sgd' && optimizer.nesterov === true && Boolean(optimizer.momentum)

/** The weight decay of parameter i in WGSL, which is for all or for those before a boundary. */
export const decayOf = (boundary: string, all: boolean) => (all ? 'step.weightDecay' : `select(0.0, step.weightDecay, i < ${boundary})`)

/**
 * One update of `count` parameters with torch.optim's semantics, weight decay for the first `decayed` of them (a multiple of 4; all unless given). All numbers come from the step's uniform. Bindings: write parameters, read gradients, write each of `moments(optimizer)`, with `clip` read the norm scratch.
 */
export function optimizerKernel(optimizer: Optimizer, count: number, { clip = false, decayed = count } = {}): Kernel {
  const { elements, defines, workgroups } = elementwise(count)
  const kept = moments(optimizer)
  const binding = (moment: 'first' | 'second') => (kept.includes(moment) ? 3 + kept.indexOf(moment) : 0)
  return {
    label: `${optimizer.type} ${count}`,
    shader: 'optimizer',
    defines: {
      ...defines,
      OPTIMIZER: optimizer.type,
      FIRST: binding('first'),
      SECOND: binding('second'),
      CLIP: clip ? 3 + kept.length : 0,
      NESTEROV: nesterov(optimizer),
      DECAY: decayOf('params.decayed', decayed === count),
    },
    params: packParams(elements, Math.round((decayed * elements) / count)),
    access: ['write', 'read', ...kept.map(() => 'write' as const), ...(clip ? (['read'] as const) : [])],
    usesStep: true,
    workgroups,
  }
}
