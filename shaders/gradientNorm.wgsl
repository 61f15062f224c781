// The norm of all gradients in two stages of fixed order: partial sums of squares, then the norm and the scale that clips it.
struct Params { count: u32, partials: u32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<uniform> params: Params;
#if FINISH
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read_write> norm: array<vec4f>; // norm, clip scale
#include step

@compute @workgroup_size(1)
fn main() {
  var sum = 0.0;
  for (var i = 0u; i < params.partials; i += 1u) { sum += partials[i]; }
  let value = sqrt(sum);
  norm[0] = vec4f(value, select(1.0, min(1.0, step.clipNorm / (value + 1e-6)), step.clipNorm > 0.0), 0.0, 0.0);
}
#else
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.partials) { return; }
  var sum = vec4f();
  for (var i = id.x; i < params.count; i += params.partials) { sum += gradient[i] * gradient[i]; }
  partials[id.x] = sum.x + sum.y + sum.z + sum.w;
}
#endif
