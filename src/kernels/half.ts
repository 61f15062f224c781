import { packParams, type Kernel } from '../gpu/kernel.ts'
import { elementwise } from './elements.ts'

/**
 * `count` numbers in half precision. With `scaled`, of gradients: multiplied by a power of two from the largest magnitude of the step before, as FP8
 * training scales its tensors (Micikevicius et al., FP8 Formats for Deep Learning, 2022; "delayed scaling"), so that nothing that is shown is scaled.
 * Bindings: read the numbers, write the halves, with `scaled` write the range, whose last word undoes the factor.
 */
export function toHalf(count: number, { scaled = false } = {}): Kernel {
  const { elements, defines, workgroups } = elementwise(count)
  const vector = defines['VECTOR']
  return {
    label: `half ${count}`,
    shader: 'half',
    defines: { ...defines, HALVES: vector ? 'vec4<f16>' : 'f16', BITS: vector ? 'vec4u' : 'u32', SCALED: scaled },
    params: packParams(elements),
    access: ['read', 'write', ...(scaled ? (['write'] as const) : [])],
    ...(scaled && { usesStep: true }),
    workgroups,
  }
}
