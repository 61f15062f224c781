// Linear bins between a tensor's extremes, and each lane's sum of squares in units of the largest magnitude, so that the norm
// of gradients of 1e-30 does not vanish. A thread a lane, y the tensor.
#include layer
@group(0) @binding(1) var<storage, read> tensors: array<LayerTensor>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read_write> squares: array<f32>;
@group(0) @binding(4) var<storage, read_write> results: array<atomic<u32>>;  // LayerResult, 72 words each

const resultWords = 72u;
const firstBin = 8u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let tensor = tensors[id.y];
  if (id.x >= tensor.lanes) {
    return;
  }
  let result = tensor.result * resultWords;
  let scale = atomicLoad(&results[result + 2u]);
  let low = nearOne(atomicLoad(&results[result]), scale);
  let high = nearOne(atomicLoad(&results[result + 1u]), scale);
  let largest = nearOne(scale, scale);
  let width = 0.5 * high - 0.5 * low;  // halves: the difference of the extremes may overflow
  var sum = 0.0;
  for (var i = id.x; i < tensor.count; i += tensor.lanes) {
    let bits = source[elementOf(tensor, i)];
    if (isFinite(bits)) {
      let x = nearOne(bits, scale);
      var bin = 0u;
      if (width > 0.0) {
        bin = min(binCount - 1u, u32((0.5 * x - 0.5 * low) / width * f32(binCount)));
      }
      atomicAdd(&results[result + firstBin + bin], 1u);
      if (scale > 0u) {
        sum += (x / largest) * (x / largest);
      }
    }
  }
  squares[tensor.firstLane + id.x] = sum;
}
