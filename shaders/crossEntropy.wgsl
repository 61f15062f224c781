// Softmax and cross-entropy over [rows, columns] logits and class indices, a thread a row.
#include step

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

fn logit(i: u32) -> f32 {
  return prediction[i];
}
#if GRADIENT
fn kept(i: u32) -> f32 {
  return gradient[i];
}
fn keep(i: u32, value: f32) {
  gradient[i] = value;
}
#endif
#include crossEntropyRow

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
  rowResult[row] = crossEntropyRow(first, end, first + u32(expected[row]), f32(step.meanOver));
}
