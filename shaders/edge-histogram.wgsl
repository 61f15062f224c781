// Counts, for one digit of the rank, the edges whose higher digits equal the cut's. The first digit (exponent and three bits of
// the mantissa) makes a histogram of log2 |g| in eighths of an octave.
#include edge
@group(0) @binding(1) var<storage, read> blocks: array<EdgeBlock>;
@group(0) @binding(2) var<storage, read> gradients: array<Gradients>;
@group(0) @binding(3) var<storage, read> cuts: array<EdgeCut>;
@group(0) @binding(4) var<storage, read_write> bins: array<atomic<u32>>;

override digit: u32 = 0u;
const threads = 64u;

fn count(block: EdgeBlock, higher: u32, bits: u32, edge: u32) {
  let rank = rankOf(bits, edge);
  if (digit == 0u) {
    atomicAdd(&bins[block.firstBin + (rank >> 21u)], 1u);
  } else if (digit == 1u) {
    if (rank >> 21u == higher) {
      atomicAdd(&bins[block.firstBin + ((rank >> 10u) & 2047u)], 1u);
    }
  } else if (rank >> 10u == higher) {
    atomicAdd(&bins[block.firstBin + (rank & 1023u)], 1u);
  }
}

// Atomics in the buffer, not in workgroup memory: barriers cost software adapters thirty times more than they save a GPU.
@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let block = blocks[group.y];
  if (block.count <= block.shown) {
    return;
  }
  let higher = cuts[group.y].rank;
  for (var edge = (group.x * threads + local) * edgesAtOnce; edge < block.count; edge += groups.x * threads * edgesAtOnce) {
    let bits = gradients[placeOf(block, edge)];
#if STRIDED
    count(block, higher, bits, edge);
#else
    count(block, higher, bits.x, edge);
    if (edge + 3u < block.count) {
      count(block, higher, bits.y, edge + 1u);
      count(block, higher, bits.z, edge + 2u);
      count(block, higher, bits.w, edge + 3u);
    } else {
      if (edge + 1u < block.count) { count(block, higher, bits.y, edge + 1u); }
      if (edge + 2u < block.count) { count(block, higher, bits.z, edge + 2u); }
    }
#endif
  }
}
