// Widens narrow ranges, puts the range over all blocks behind theirs, and writes the arguments of the indirect draw: six
// vertices an edge.
#include edge
@group(0) @binding(1) var<storage, read> blocks: array<EdgeBlock>;
@group(0) @binding(2) var<storage, read> candidateCounts: array<u32>;
@group(0) @binding(3) var<storage, read_write> ranges: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> draw: array<u32>;  // vertices, instances, first vertex, first instance

@compute @workgroup_size(1)
fn main() {
  let count = arrayLength(&blocks);
  var total = vec4f(0.0, -1.0, 0.0, 0.0);
  var counts = vec4f();
  var edges = 0u;
  for (var i = 0u; i < count; i++) {
    var range = ranges[i];
    if (range.y >= range.x) {
      // less than an octave tells nothing apart: widen it around its middle
      let widen = max(0.0, 0.5 - 0.5 * (range.y - range.x));
      range.x -= widen;
      range.y += widen;
      ranges[i] = range;
      if (total.y >= total.x) {
        total.x = min(total.x, range.x);
        total.y = max(total.y, range.y);
      } else {
        total.x = range.x;
        total.y = range.y;
      }
    }
    total.z += range.z;
    total.w += range.w;
    counts += ranges[count + 1u + i];
    edges += candidateCounts[i];
  }
  ranges[count] = total;
  ranges[2u * count + 1u] = counts;
  draw[0] = 6u * edges;
  draw[1] = 1u;
  draw[2] = 0u;
  draw[3] = 0u;
}
