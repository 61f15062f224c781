// The norms of what arrives through all branches, and their range: log2 of the smallest and the largest that are neither zero nor
// non-finite, at least an octave apart; the end below the beginning where there are none. Behind them, for the host, what the norms are
// made of: their length may be beyond float32. One workgroup.
#include norm
@group(0) @binding(1) var<storage, read> paths: array<vec2u>;             // first lane, lanes
@group(0) @binding(2) var<storage, read> lanes: array<vec4f>;             // scale, squares, NaN, infinite
@group(0) @binding(3) var<storage, read_write> norms: array<u32>;         // both ends of the range, each branch's norm, then each branch's scale, squares (floats), NaN, infinite

const threads = 64u;
const firstNorm = 2u;

@compute @workgroup_size(threads)
fn main(@builtin(local_invocation_index) local: u32) {
  let count = arrayLength(&paths);
  for (var i = local; i < count; i += threads) {
    let path = paths[i];
    var norm = Norm(0.0, 0.0, 0u, 0u);
    for (var lane = path.x; lane < path.x + path.y; lane++) {
      norm = withSquares(norm, lanes[lane].x, lanes[lane].y);
      norm.nan += u32(lanes[lane].z);
      norm.infinite += u32(lanes[lane].w);
    }
    norms[firstNorm + i] = bitsOf(norm);
    let parts = firstNorm + count + 4u * i;
    norms[parts] = bitcast<u32>(norm.scale);
    norms[parts + 1u] = bitcast<u32>(norm.squares);
    norms[parts + 2u] = norm.nan;
    norms[parts + 3u] = norm.infinite;
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
