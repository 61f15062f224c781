import { flatWorkgroups, packParams, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'
import type { InitialValues } from '../model/initial-values.ts'

export type { InitialValues }

/** The key of a seed: low and high word of a non-negative integer up to 2^53. */
export function seedWords(seed: number): [low: number, high: number] {
  return [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]
}

/** First values of a parameter of `count` numbers; `ordinal` is its place in model order. Bindings: write the values. */
export function initializeKernel(recipe: InitialValues, count: number, ordinal: number, seed: number): Kernel {
  const [base, scale] =
    recipe.kind === 'uniform'
      ? [recipe.minimum, recipe.maximum - recipe.minimum]
      : recipe.kind === 'normal'
        ? [0, recipe.deviation]
        : [recipe.value, 0]
  return {
    label: `initialize ${recipe.kind} ${count}`,
    shader: 'initialize',
    defines: { WORKGROUP: workgroupSize, NORMAL: recipe.kind === 'normal', CONSTANT: recipe.kind === 'constant' },
    params: packParams(count, ordinal, ...seedWords(seed), { f: base }, { f: scale }),
    access: ['write'],
    workgroups: flatWorkgroups(count, workgroupSize),
  }
}
