// The range over all blocks, behind those of the blocks, and the arguments of the indirect draw: six vertices an edge.
#include edge
@group(0) @binding(1) var<storage, read> blocks: array<EdgeBlock>;
@group(0) @binding(2) var<storage, read> candidateCounts: array<u32>;
@group(0) @binding(3) var<storage, read_write> ranges: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> arguments: array<u32>;  // vertices, instances, first vertex, first instance

@compute @workgroup_size(1)
fn main() {
  let count = arrayLength(&blocks);
  var total = vec4f(0.0, -1.0, 0.0, 0.0);
  var edges = 0u;
  for (var i = 0u; i < count; i++) {
    let range = ranges[i];
    if (range.y > range.x) {
      if (total.y > total.x) {
        total.x = min(total.x, range.x);
        total.y = max(total.y, range.y);
      } else {
        total.x = range.x;
        total.y = range.y;
      }
    }
    total.z += range.z;
    total.w += range.w;
    edges += candidateCounts[i];
  }
  ranges[count] = total;
  arguments[0] = 6u * edges;
  arguments[1] = 1u;
  arguments[2] = 0u;
  arguments[3] = 0u;
}
