// Collects the edges above each block's cut, in any order, with their magnitudes: edge-range sorts them.
#include edge
@group(0) @binding(1) var<storage, read> blocks: array<EdgeBlock>;
@group(0) @binding(2) var<storage, read> gradients: array<Gradients>;
@group(0) @binding(3) var<storage, read> cuts: array<EdgeCut>;
@group(0) @binding(4) var<storage, read_write> candidateCounts: array<atomic<u32>>;
@group(0) @binding(5) var<storage, read_write> candidates: array<vec2u>;  // edge, bits of |g|

const threads = 64u;

fn take(block: EdgeBlock, blockIndex: u32, bits: u32, edge: u32) {
  if (block.count <= block.shown || rankOf(bits, edge) > cuts[blockIndex].rank) {
    let slot = atomicAdd(&candidateCounts[blockIndex], 1u);
    candidates[block.firstCandidate + slot] = vec2u(edge, bits & 0x7fffffffu);
  }
}

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let block = blocks[group.y];
  for (var edge = (group.x * threads + local) * edgesAtOnce; edge < block.count; edge += groups.x * threads * edgesAtOnce) {
    let bits = gradients[placeOf(block, edge)];
#if STRIDED
    take(block, group.y, bits, edge);
#else
    take(block, group.y, bits.x, edge);
    if (edge + 1u < block.count) { take(block, group.y, bits.y, edge + 1u); }
    if (edge + 2u < block.count) { take(block, group.y, bits.z, edge + 2u); }
    if (edge + 3u < block.count) { take(block, group.y, bits.w, edge + 3u); }
#endif
  }
}
