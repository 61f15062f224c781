/** How far a repeated run is from its recording; the definition is in test/goldens/README.md, "The error of a tensor". */

export type Tensors = Map<string, ArrayLike<number>>

/** Numbers whose squares float32 cannot hold: from here on a run in float32 may have left its range. */
const nearOverflow = 1e19

const isHeld = (value: number) => Number.isFinite(Math.fround(value))

/**
 * Whether a recording in float64 leaves what float32 can hold. PyTorch's own float32 cannot repeat it from there on, nor can anybody's: what is
 * asked for then is that the repeated run has left it too.
 */
export function diverges(recordings: Iterable<Tensors>): boolean {
  for (const tensors of recordings)
    for (const tensor of tensors.values()) for (let i = 0; i < tensor.length; i++) if (!isHeld(tensor[i]!)) return true
  return false
}

/** The largest finite magnitude among some tensors. */
export function largest(tensors: Iterable<ArrayLike<number>>): number {
  let result = 0
  for (const tensor of tensors)
    for (let i = 0; i < tensor.length; i++) if (Number.isFinite(tensor[i])) result = Math.max(result, Math.abs(tensor[i]!))
  return result
}

/**
 * `max|got − expected| / max(max|expected|, 0.01 · M)`; Infinity where a number is missing, or not finite and expected to be.
 * @param magnitude M, the largest |expected| over all tensors of the same kind in the case
 * @param diverging `entries`: the recording leaves float32's range, and what follows an entry near its end need not be finite; `whole`: nothing need be
 */
export function tensorError(
  got: ArrayLike<number> | undefined,
  expected: ArrayLike<number>,
  magnitude: number,
  diverging?: 'entries' | 'whole',
): number {
  if (!got || got.length !== expected.length) return Infinity
  let difference = 0
  let free = diverging === 'whole'
  for (let i = 0; i < expected.length; i++) {
    const finite = Number.isFinite(got[i])
    if (diverging && !(Math.abs(expected[i]!) < nearOverflow)) free = true
    if (finite !== isHeld(expected[i]!) && !(free && !finite)) return Infinity
    if (finite) difference = Math.max(difference, Math.abs(got[i]! - expected[i]!))
  }
  const scale = Math.max(largest([expected]), 0.01 * magnitude)
  return difference === 0 ? 0 : difference / scale
}

/** The worst error among the tensors of one kind, by name; `diverging` as for one of them. */
export function worstError(got: Tensors, expected: Tensors, diverging?: 'entries' | 'whole'): number {
  const magnitude = largest(expected.values())
  let worst = 0
  for (const [name, tensor] of expected) worst = Math.max(worst, tensorError(got.get(name), tensor, magnitude, diverging))
  return worst
}
