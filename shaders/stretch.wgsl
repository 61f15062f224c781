// How far an adaptive optimizer moves along each parameter for a unit of gradient, the rate apart: 1 / (correction · (√v / root + ε)) of its second
// moment v. Written as the root of it, which stands on both sides of the Hessian: S · H · S is symmetric and has the eigenvalues of S² · H.
#include flat
alias Element = vec4f;
#include secondMoment

struct Params {
  count: u32, // of fours
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> corrections: vec4f; // of the first moment, the root of the second's, ε
@group(0) @binding(2) var<storage, read> second: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> inverse: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.count) {
    return;
  }
  let kept = second[i];
  let unit = select(vec4f(1.0), vec4f(inverseUnit), kept < vec4f());
  let root = rootOf(unpacked(kept, unit), unit);
  let squared = corrections.x * (root / corrections.y + corrections.z);
  result[i] = inverseSqrt(squared);
  inverse[i] = sqrt(squared);
}
