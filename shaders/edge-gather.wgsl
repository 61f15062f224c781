// Collects the edges above each block's cut, in any order, with their magnitudes: edge-range sorts them.
#include edge
@group(0) @binding(1) var<storage, read> blocks: array<EdgeBlock>;
@group(0) @binding(2) var<storage, read> gradients: array<u32>;
@group(0) @binding(3) var<storage, read> cuts: array<EdgeCut>;
@group(0) @binding(4) var<storage, read_write> candidateCounts: array<atomic<u32>>;
@group(0) @binding(5) var<storage, read_write> candidates: array<vec2u>;  // edge, bits of |g|

const threads = 64u;

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let block = blocks[group.y];
  let all = block.count <= block.shown;
  let cut = cuts[group.y].rank;
  for (var edge = group.x * threads + local; edge < block.count; edge += groups.x * threads) {
    let bits = gradients[elementOf(block, edge)];
    if (all || rankOf(bits, edge) > cut) {
      let slot = atomicAdd(&candidateCounts[group.y], 1u);
      candidates[block.firstCandidate + slot] = vec2u(edge, bits & 0x7fffffffu);
    }
  }
}
