// The norm of every filter's gradient, over its taps: for each block a matrix [out, in / groups], row by row. A weight matrix is a
// convolution of one tap: its elements stay as they are.
#include norm
struct FilterBlock {
  offset: u32,        // of its gradients in their buffer; offset and strides in elements
  columns: u32,       // input channels that an output channel reads
  outStride: u32,
  inStride: u32,
  yStride: u32,
  xStride: u32,
  kernelWidth: u32,
  taps: u32,
  count: u32,         // filters
  firstNorm: u32,
  pad0: u32,
  pad1: u32,
}
@group(0) @binding(1) var<storage, read> blocks: array<FilterBlock>;
@group(0) @binding(2) var<storage, read> gradients: array<u32>;
@group(0) @binding(3) var<storage, read_write> norms: array<u32>;

const threads = 64u;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let block = blocks[id.y];
  for (var index = id.x; index < block.count; index += groups.x * threads) {
    let first = block.offset + (index / block.columns) * block.outStride + (index % block.columns) * block.inStride;
    if (block.taps == 1u) {
      norms[block.firstNorm + index] = gradients[first];
      continue;
    }
    var norm = Norm(0.0, 0.0, 0u, 0u);
    for (var tap = 0u; tap < block.taps; tap++) {
      let at = first + (tap / block.kernelWidth) * block.yStride + (tap % block.kernelWidth) * block.xStride;
      norm = withNumber(norm, gradients[at]);
    }
    norms[block.firstNorm + index] = bitsOf(norm);
  }
}
