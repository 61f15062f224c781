/** How far a repeated run is from its recording; the definition is in test/goldens/README.md, "The error of a tensor". */

export type Tensors = Map<string, ArrayLike<number>>

/** The largest magnitude among some tensors. */
export function largest(tensors: Iterable<ArrayLike<number>>): number {
  let result = 0
  for (const tensor of tensors) for (let i = 0; i < tensor.length; i++) result = Math.max(result, Math.abs(tensor[i]!))
  return result
}

/**
 * `max|got − expected| / max(max|expected|, 0.01 · M)`; Infinity where a number is missing or not finite.
 * @param magnitude M, the largest |expected| over all tensors of the same kind in the case
 */
export function tensorError(got: ArrayLike<number> | undefined, expected: ArrayLike<number>, magnitude: number): number {
  if (!got || got.length !== expected.length) return Infinity
  let difference = 0
  for (let i = 0; i < expected.length; i++) {
    if (!Number.isFinite(got[i])) return Infinity
    difference = Math.max(difference, Math.abs(got[i]! - expected[i]!))
  }
  const scale = Math.max(largest([expected]), 0.01 * magnitude)
  return difference === 0 ? 0 : difference / scale
}

/** The worst error among the tensors of one kind, by name. */
export function worstError(got: Tensors, expected: Tensors): number {
  const magnitude = largest(expected.values())
  let worst = 0
  for (const [name, tensor] of expected) worst = Math.max(worst, tensorError(got.get(name), tensor, magnitude))
  return worst
}
