// Extends each block's cut by one digit: the bin, from the strongest down, in which the edges to draw run out.
// Clears the bins for the next digit. One workgroup a block.
#include edge
@group(0) @binding(1) var<storage, read> blocks: array<EdgeBlock>;
@group(0) @binding(2) var<storage, read_write> cuts: array<EdgeCut>;
@group(0) @binding(3) var<storage, read_write> bins: array<u32>;
@group(0) @binding(4) var<storage, read_write> candidateCounts: array<u32>;

override digit: u32 = 0u;
const threads = 64u;
const binsPerThread = 32u;

var<workgroup> sums: array<u32, threads>;

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let block = blocks[group.x];
  if (local == 0u && digit == 0u) {
    candidateCounts[group.x] = 0u;
  }
  if (block.count <= block.shown) {
    return;
  }
  var cut = cuts[group.x];
  if (digit == 0u) {
    cut = EdgeCut(0u, block.shown);
  }
  // Thread 0 holds the strongest bins.
  let top = block.firstBin + (threads - local) * binsPerThread - 1u;
  var own = 0u;
  for (var i = 0u; i < binsPerThread; i++) {
    own += bins[top - i];
  }
  sums[local] = own;
  workgroupBarrier();
  for (var distance = 1u; distance < threads; distance *= 2u) {
    var stronger = 0u;
    if (local >= distance) {
      stronger = sums[local - distance];
    }
    workgroupBarrier();
    sums[local] += stronger;
    workgroupBarrier();
  }
  var above = sums[local] - own;
  if (above <= cut.remaining && sums[local] > cut.remaining) {
    var i = 0u;
    loop {
      let count = bins[top - i];
      if (above + count > cut.remaining || i + 1u == binsPerThread) {
        break;
      }
      above += count;
      i++;
    }
    let bin = top - i - block.firstBin;
    var bits = 11u;
    if (digit == 2u) {
      bits = 10u;
    }
    cuts[group.x] = EdgeCut((cut.rank << bits) | bin, cut.remaining - above);
  }
  for (var i = 0u; i < binsPerThread; i++) {
    bins[top - i] = 0u;
  }
}
