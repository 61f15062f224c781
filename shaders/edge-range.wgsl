// Sorts each block's candidates by magnitude (then index), so that the stronger edge is drawn over the weaker and the order
// never depends on a race; takes the percentiles of those that are neither zero nor non-finite; appends to the list of
// visible edges. One workgroup a block.
#include edge
@group(0) @binding(1) var<storage, read> blocks: array<EdgeBlock>;
@group(0) @binding(2) var<storage, read> gradients: array<u32>;
@group(0) @binding(3) var<storage, read> candidateCounts: array<u32>;
@group(0) @binding(4) var<storage, read> candidates: array<u32>;
@group(0) @binding(5) var<storage, read_write> visible: array<vec2u>;  // block, edge
@group(0) @binding(6) var<storage, read_write> ranges: array<vec4f>;   // log2 of the percentiles, zeros shown, non-finite shown

override lowPermille: u32 = 50u;
override highPermille: u32 = 995u;
const threads = 256u;
const capacity = 2048u;

var<workgroup> magnitudes: array<u32, capacity>;
var<workgroup> edges: array<u32, capacity>;

// The first of `count` sorted magnitudes that is at least `bound`.
fn firstAtLeast(bound: u32, count: u32) -> u32 {
  var low = 0u;
  var high = count;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (magnitudes[middle] < bound) {
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

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let block = blocks[group.x];
  let count = candidateCounts[group.x];
  var padded = 2u;
  while (padded < count) {
    padded *= 2u;
  }
  for (var i = local; i < padded; i += threads) {
    var edge = 0xffffffffu;
    var magnitude = 0xffffffffu;
    if (i < count) {
      edge = candidates[block.firstCandidate + i];
      magnitude = gradients[elementOf(block, edge)] & 0x7fffffffu;
    }
    edges[i] = edge;
    magnitudes[i] = magnitude;
  }
  workgroupBarrier();

  // bitonic sort, ascending; one loop over all stages, since software adapters compile nested loops with barriers slowly
  var size = 2u;
  var stride = 1u;
  while (size <= padded) {
    for (var pair = local; pair < padded / 2u; pair += threads) {
      let low = 2u * pair - (pair & (stride - 1u));
      let high = low + stride;
      let lowMagnitude = magnitudes[low];
      let highMagnitude = magnitudes[high];
      let lowEdge = edges[low];
      let highEdge = edges[high];
      let greater = lowMagnitude > highMagnitude || (lowMagnitude == highMagnitude && lowEdge > highEdge);
      if (greater == ((low & size) == 0u)) {
        magnitudes[low] = highMagnitude;
        edges[low] = highEdge;
        magnitudes[high] = lowMagnitude;
        edges[high] = lowEdge;
      }
    }
    workgroupBarrier();
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
    visible[first + i] = vec2u(group.x, edges[i]);
  }
  if (local == 0u) {
    let zeros = firstAtLeast(1u, count);
    let finite = firstAtLeast(0x7f800000u, count);
    var low = 0.0;
    var high = -1.0;  // none: high < low
    if (finite > zeros) {
      let last = finite - zeros - 1u;
      low = logarithm(magnitudes[zeros + last * lowPermille / 1000u]);
      high = logarithm(magnitudes[zeros + (last * highPermille + 999u) / 1000u]);
      // less than an octave tells nothing apart: widen it around its middle
      let widen = max(0.0, 0.5 - 0.5 * (high - low));
      low -= widen;
      high += widen;
    }
    ranges[group.x] = vec4f(low, high, f32(zeros), f32(count - finite));
  }
}
