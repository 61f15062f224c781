/** Which class a network's outputs speak for. */

/**
 * The first of the largest outputs among `count` from `first` on, as the loss counts it. No class where an output is NaN, nor where the largest is
 * infinite: then the softmax is NaN.
 */
export function answerOf(outputs: ArrayLike<number>, first: number, count: number): number | 'nan' | 'infinite' {
  let best = 0
  for (let k = 0; k < count; k++) {
    if (Number.isNaN(outputs[first + k])) return 'nan'
    if (outputs[first + k]! > outputs[first + best]!) best = k
  }
  return Number.isFinite(outputs[first + best]) ? best : 'infinite'
}
