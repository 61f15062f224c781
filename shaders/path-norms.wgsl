// The norms of what arrives through all branches, and their range: log2 of the smallest and the largest that are neither zero nor
// non-finite, at least an octave apart; the end below the beginning where there are none. One workgroup.
#include norm
@group(0) @binding(1) var<storage, read> paths: array<vec2u>;             // first lane, lanes
@group(0) @binding(2) var<storage, read> lanes: array<vec4f>;             // scale, squares, non-finite
@group(0) @binding(3) var<storage, read_write> norms: array<u32>;         // both ends of the range, then each branch's norm; floats

const threads = 64u;
const firstNorm = 2u;

@compute @workgroup_size(threads)
fn main(@builtin(local_invocation_index) local: u32) {
  let count = arrayLength(&paths);
  for (var i = local; i < count; i += threads) {
    let path = paths[i];
    var norm = Norm(0.0, 0.0, 0u);
    for (var lane = path.x; lane < path.x + path.y; lane++) {
      norm = withSquares(norm, lanes[lane].x, lanes[lane].y);
      norm.nonFinite += u32(lanes[lane].z);
    }
    norms[firstNorm + i] = bitsOf(norm);
  }
  storageBarrier();
  if (local == 0u) {
    var low = 0xffffffffu;
    var high = 0u;
    for (var i = 0u; i < count; i++) {
      let bits = norms[firstNorm + i];
      if (bits > 0u && bits < 0x7f800000u) {
        low = min(low, bits);
        high = max(high, bits);
      }
    }
    var range = vec2f(0.0, -1.0);
    if (high > 0u) {
      range = log2(max(vec2f(bitcast<f32>(low), bitcast<f32>(high)), vec2f(smallestNormal)));
      let widen = max(0.0, 0.5 - 0.5 * (range.y - range.x));
      range += vec2f(-widen, widen);
    }
    norms[0] = bitcast<u32>(range.x);
    norms[1] = bitcast<u32>(range.y);
  }
}
