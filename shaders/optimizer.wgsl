// One update of all parameters: the update function comes from OPTIMIZER, the weight decay of parameter i from DECAY. Parameters and moments may be slices of one buffer, so each is
// declared writable.
#include flat
#include step

alias Element = ELEMENT;
#include OPTIMIZER

struct Params {
  count: u32, // of Elements
  decayed: u32, // of them, the first ones: weight decay is for these
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parameters: array<Element>;
@group(0) @binding(2) var<storage, read> gradients: array<Element>;
#if FIRST
@group(0) @binding(FIRST) var<storage, read_write> firstMoment: array<Element>;
#endif
#if SECOND
@group(0) @binding(SECOND) var<storage, read_write> secondMoment: array<Element>;
#endif
#if CLIP
@group(0) @binding(CLIP) var<storage, read> norm: vec4f; // of gradientNorm: norm, and the two factors that clip
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.count) {
    return;
  }
  var gradient = gradients[i];
#if CLIP
  gradient *= norm.y;
  gradient *= norm.z;
#endif
  var first = Element();
  var second = Element();
#if FIRST
  first = firstMoment[i];
#endif
#if SECOND
  second = secondMoment[i];
#endif
  parameters[i] = update(parameters[i], gradient, DECAY, &first, &second);
#if FIRST
  firstMoment[i] = first;
#endif
#if SECOND
  secondMoment[i] = second;
#endif
}
