/** Networks that begin alike: which layers of one correspond to which of another. */
import { layerParameters, parametersOf, placedLayers, type Parameter } from './shapes.ts'
import type { Network } from './types.ts'

/** A layer with parameters, and the ordinal of the first of them in model order. */
interface Weighted {
  kind: string
  parameters: readonly Parameter[]
  first: number
}

/**
 * For each parameter of a network, in model order, the ordinal of the parameter of `like` that it begins as, so that both draw the same random numbers for
 * it; one without a counterpart has an ordinal that `like` has not. Layers correspond where type and shapes agree, as many as can be without crossing: a
 * longest common subsequence.
 */
export function ordinalsLike(network: Network, like: Network): number[] {
  const [own, others] = [weighted(network), weighted(like)]
  const counterpart = common(
    own.map(({ kind }) => kind),
    others.map(({ kind }) => kind),
  )
  let free = parametersOf(like).length
  return own.flatMap(({ parameters }, i) => {
    const other = others[counterpart[i] ?? -1]
    return parameters.map((_, k) => (other ? other.first + k : free++))
  })
}

function weighted(network: Network): Weighted[] {
  let first = 0
  return placedLayers(network).flatMap((placed) => {
    const parameters = layerParameters(placed)
    if (parameters.length === 0) return []
    const found = { kind: JSON.stringify([placed.layer.type, parameters.map(({ shape }) => shape)]), parameters, first }
    first += parameters.length
    return [found]
  })
}

/** For each item of `a`, the place in `b` of the one that it is in their longest common subsequence; undefined: in none. */
function common(a: readonly string[], b: readonly string[]): (number | undefined)[] {
  // Row i, column k: length of the longest within a from i and b from k.
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let k = b.length - 1; k >= 0; k--)
      lengths[i]![k] = a[i] === b[k] ? lengths[i + 1]![k + 1]! + 1 : Math.max(lengths[i + 1]![k]!, lengths[i]![k + 1]!)
  const found: (number | undefined)[] = a.map(() => undefined)
  for (let i = 0, k = 0; i < a.length && k < b.length;) {
    if (a[i] === b[k]) found[i++] = k++
    else if (lengths[i + 1]![k]! >= lengths[i]![k + 1]!) i++
    else k++
  }
  return found
}
