import type { InitialValues } from '../../model/initial-values.ts'
import { randomNormal, randomUniform, streams } from '../philox.ts'

/** The first values of a parameter; `ordinal` is its place in model order. */
export function initialize(recipe: InitialValues, length: number, seed: number, ordinal: number): Float64Array {
  return Float64Array.from({ length }, (_, element) => {
    switch (recipe.kind) {
      case 'uniform':
        return recipe.minimum + (recipe.maximum - recipe.minimum) * randomUniform(seed, streams.initial, ordinal, element)
      case 'normal':
        return recipe.deviation * randomNormal(seed, streams.initial, ordinal, element)
      case 'constant':
        return recipe.value
    }
  })
}
