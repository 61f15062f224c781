// result = a · x + b · y of whole vectors, where another kernel or the host has left a and b.
#include flat

struct Params {
  count: u32, // of fours
  at: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> coefficients: array<vec4f>;
#if IN_PLACE
@group(0) @binding(2) var<storage, read> y: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4f>;
#else
@group(0) @binding(2) var<storage, read> x: array<vec4f>;
@group(0) @binding(3) var<storage, read> y: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> result: array<vec4f>;
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.count) {
    return;
  }
  let factors = coefficients[params.at];
#if IN_PLACE
  result[i] = factors.x * result[i] + factors.y * y[i];
#else
  result[i] = factors.x * x[i] + factors.y * y[i];
#endif
}
