// Softmax and cross-entropy over [rows, columns] logits and class indices, a thread a row. The largest logit's exponential is 1 and is
// kept out of the sum, so that a small loss keeps its digits.
#include step
#include math

struct Params {
  rows: u32,
  columns: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> prediction: array<f32>; // [rows, columns]
@group(0) @binding(2) var<storage, read> expected: array<i32>; // [rows]
#if GRADIENT
@group(0) @binding(3) var<storage, read_write> gradient: array<f32>; // ∂loss/∂prediction [rows, columns]
@group(0) @binding(4) var<storage, read_write> rowResult: array<vec2f>; // [rows]: share of the loss, 1 if the row is right
#else
@group(0) @binding(3) var<storage, read_write> rowResult: array<vec2f>;
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= params.rows) {
    return;
  }
  let first = row * params.columns;
  let end = first + params.columns;
  if (row >= step.batchCount) {
#if GRADIENT
    for (var i = first; i < end; i++) {
      gradient[i] = 0.0;
    }
#endif
    rowResult[row] = vec2f();
    return;
  }
  var best = first;
  var largest = prediction[first];
  for (var i = first + 1u; i < end; i++) {
    let value = prediction[i];
    if (value > largest) {
      largest = value;
      best = i;
    }
  }
  var others = 0.0;
  for (var i = first; i < end; i++) {
    let e = exponential(prediction[i] - largest);
    others += select(e, 0.0, i == best);
#if GRADIENT
    gradient[i] = e;
#endif
  }
  // inf − inf and NaN − NaN: the best's own exponential tells that the row is not finite
  others += prediction[best] - largest;
  let count = f32(step.batchCount);
  let right = first + u32(expected[row]);
#if GRADIENT
  let total = 1.0 + others;
  for (var i = first; i < end; i++) {
    let p = gradient[i] / total;
    let rightGradient = select(p - 1.0, -others / total, i == best);
    gradient[i] = select(p, rightGradient, i == right) / count;
  }
#endif
  let loss = logarithmOnePlus(others) + (largest - prediction[right]);
  rowResult[row] = vec2f(loss / count, select(0.0, 1.0, right == best));
}
