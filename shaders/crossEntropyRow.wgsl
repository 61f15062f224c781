// Softmax and cross-entropy of one row. The file that includes it says where the numbers lie: logit(i), and with GRADIENT keep(i, value) and
// kept(i) for ∂loss/∂logit. The largest logit's exponential is 1 and is kept out of the sum, so that a small loss keeps its digits.
#include math

// The row's share of the mean over count rows, and 1 if the row is right; a row with NaN, or with an infinite largest logit, is not.
fn crossEntropyRow(first: u32, end: u32, right: u32, count: f32) -> vec2f {
  var best = first;
  var largest = logit(first);
  for (var i = first + 1u; i < end; i++) {
    let value = logit(i);
    if (value > largest) {
      largest = value;
      best = i;
    }
  }
  var others = 0.0;
  for (var i = first; i < end; i++) {
    let e = exponential(logit(i) - largest);
    others += select(e, 0.0, i == best);
#if GRADIENT
    keep(i, e);
#endif
  }
  // inf − inf and NaN − NaN: the best's own exponential tells that the row is not finite
  others += logit(best) - largest;
#if GRADIENT
  let total = 1.0 + others;
  for (var i = first; i < end; i++) {
    let p = kept(i) / total;
    let rightGradient = select(p - 1.0, -others / total, i == best);
    keep(i, select(p, rightGradient, i == right) / count);
  }
#endif
  let loss = logarithmOnePlus(others) + (largest - logit(right));
  return vec2f(loss / count, select(0.0, 1.0, right == best && !isNan(others)));
}
