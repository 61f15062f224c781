// A loss over [rows, columns] elements, a thread a row: its mean's gradient, and each row's share of the loss. Rows from batchCount on
// are padding and count 0. Of a loss that is computed from logits, prediction and gradient are theirs, and OUTPUT_GRADIENT is the outputs'.
#include step
#include math
#include LOSS

struct Params {
  rows: u32,
  columns: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> prediction: array<f32>; // [rows, columns]
@group(0) @binding(2) var<storage, read> expected: array<f32>; // [rows, columns]
#if GRADIENT
@group(0) @binding(3) var<storage, read_write> gradient: array<f32>; // ∂loss/∂prediction [rows, columns]
@group(0) @binding(4) var<storage, read_write> rowResult: array<vec2f>; // [rows]: share of the loss, 1 if the row is right
#if OUTPUT_GRADIENT
@group(0) @binding(5) var<storage, read_write> outputGradient: array<f32>; // ∂loss/∂output [rows, columns]
#endif
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
#if OUTPUT_GRADIENT
      outputGradient[i] = 0.0;
#endif
    }
#endif
    rowResult[row] = vec2f();
    return;
  }
  let elements = f32(step.meanOver) * f32(params.columns);
  var sum = 0.0;
  var right = true;
  for (var i = first; i < end; i++) {
    sum += elementLoss(prediction[i], expected[i]);
    right = right && elementRight(prediction[i], expected[i]) && !isNan(prediction[i]);
#if GRADIENT
    gradient[i] = elementGradient(prediction[i], expected[i]) / elements;
#if OUTPUT_GRADIENT
    outputGradient[i] = elementOutputGradient(prediction[i], expected[i]) / elements;
#endif
#endif
  }
  rowResult[row] = vec2f(sum / elements, select(0.0, 1.0, right));
}
