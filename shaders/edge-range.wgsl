// Sorts each block's candidates by magnitude (then index), so that the stronger edge is drawn over the weaker and the order
// never depends on a race; takes the percentiles of those that are neither zero nor non-finite; appends to the list of
// visible edges. One workgroup a block. It sorts where the candidates lie: a software adapter compiles a store for every
// number of workgroup memory, which took seconds.
#include edge
@group(0) @binding(1) var<storage, read> blocks: array<EdgeBlock>;
@group(0) @binding(2) var<storage, read> candidateCounts: array<u32>;
@group(0) @binding(3) var<storage, read_write> candidates: array<vec2u>;  // edge, bits of |g|
@group(0) @binding(4) var<storage, read_write> visible: array<vec2u>;  // block, edge
@group(0) @binding(5) var<storage, read_write> ranges: array<vec4f>;   // of each block log2 of both percentiles, zeros and non-finite shown; then of all; then likewise NaN, infinite, all shown

override lowPermille: u32 = 50u;
override highPermille: u32 = 995u;
const threads = 64u;

// The first of `count` sorted magnitudes, which begin at `first`, that is at least `bound`.
fn firstAtLeast(bound: u32, first: u32, count: u32) -> u32 {
  var low = 0u;
  var high = count;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (candidates[first + middle].y < bound) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return low;
}

// log2 of a positive magnitude; subnormals count as the smallest normal number, to which adapters may flush them.
fn logarithm(magnitude: u32) -> f32 {
  return log2(bitcast<f32>(max(magnitude, 0x00800000u)));
}

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let firstCandidate = blocks[group.x].firstCandidate;
  let count = candidateCounts[group.x];
  var padded = 2u;
  while (padded < count) {
    padded *= 2u;
  }

  // Bitonic sort in which every pair is put in ascending order, so that places beyond `count` need no numbers: they would stay where they are
  // (Knuth, The Art of Computer Programming 3, exercise 5.3.4-53). One loop over all stages, since software adapters compile nested loops
  // with barriers slowly.
  var size = 2u;
  var stride = 1u;
  while (size <= padded) {
    for (var pair = local; pair < padded / 2u; pair += threads) {
      let low = 2u * pair - (pair & (stride - 1u));
      // A stage begins by comparing each half with the other turned round.
      let high = select(low + stride, low + size - 1u - 2u * (pair & (stride - 1u)), 2u * stride == size);
      if (high < count) {
        let a = candidates[firstCandidate + low];
        let b = candidates[firstCandidate + high];
        if (a.y > b.y || (a.y == b.y && a.x > b.x)) {
          candidates[firstCandidate + low] = b;
          candidates[firstCandidate + high] = a;
        }
      }
    }
    storageBarrier();
    stride /= 2u;
    if (stride == 0u) {
      stride = size;
      size *= 2u;
    }
  }

  var first = 0u;
  for (var before = 0u; before < group.x; before++) {
    first += candidateCounts[before];
  }
  for (var i = local; i < count; i += threads) {
    visible[first + i] = vec2u(group.x, candidates[firstCandidate + i].x);
  }
  if (local == 0u) {
    let zeros = firstAtLeast(1u, firstCandidate, count);
    let finite = firstAtLeast(0x7f800000u, firstCandidate, count);
    var range = vec4f(0.0, -1.0, f32(zeros), f32(count - finite));  // none: its end lies below its beginning
    if (finite > zeros) {
      let last = finite - zeros - 1u;
      range.x = logarithm(candidates[firstCandidate + zeros + last * lowPermille / 1000u].y);
      range.y = logarithm(candidates[firstCandidate + zeros + (last * highPermille + 999u) / 1000u].y);
    }
    ranges[group.x] = range;
    let nan = firstAtLeast(0x7f800001u, firstCandidate, count);
    ranges[arrayLength(&blocks) + 1u + group.x] = vec4f(f32(count - nan), f32(nan - finite), f32(count), 0.0);
  }
}
