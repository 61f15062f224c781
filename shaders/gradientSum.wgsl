// Adds the gradients of a step's part, one of its batches, to those of the parts before; the last part leaves the sum where the gradients are.
#include flat
#include step

alias Element = ELEMENT;
struct Params {
  count: u32, // of Elements
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> gradients: array<Element>;
@group(0) @binding(2) var<storage, read_write> sum: array<Element>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.count || step.parts == 1u) {
    return;
  }
  var total = gradients[i];
  if (step.part > 0u) {
    total += sum[i];
  }
  if (step.part + 1u < step.parts) {
    sum[i] = total;
  } else {
    gradients[i] = total;
  }
}
