// Linear bins between a tensor's extremes, and each chunk's sum of squares in units of the largest magnitude, so that the
// norm of gradients of 1e-30 does not vanish. Every workgroup folds the extents of its tensor's chunks again.
#include layer
@group(0) @binding(1) var<storage, read> tensors: array<LayerTensor>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read> extents: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> squares: array<f32>;
@group(0) @binding(5) var<storage, read_write> bins: array<atomic<u32>>;  // 72 words a result: LayerResult

const resultWords = 72u;
const firstBin = 8u;
const largest = 3.4028234663852886e38;
const smallestNormal = 1.1754943508222875e-38;

var<workgroup> minima: array<f32, threads>;
var<workgroup> maxima: array<f32, threads>;
var<workgroup> counts: array<atomic<u32>, binCount>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let tensor = tensors[group.y];
  if (group.x >= tensor.chunks) {
    return;
  }
  var low = largest;
  var high = -largest;
  for (var chunk = local; chunk < tensor.chunks; chunk += threads) {
    let extent = extents[tensor.firstChunk + chunk];
    low = min(low, extent.x);
    high = max(high, extent.y);
  }
  minima[local] = low;
  maxima[local] = high;
  if (local < binCount) {
    atomicStore(&counts[local], 0u);
  }
  workgroupBarrier();
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    if (local < half) {
      minima[local] = min(minima[local], minima[local + half]);
      maxima[local] = max(maxima[local], maxima[local + half]);
    }
    workgroupBarrier();
  }
  low = minima[0];
  high = maxima[0];
  workgroupBarrier();

  let scale = max(abs(low), abs(high));
  let tiny = scale < smallestNormal;
  let width = 0.5 * high - 0.5 * low;  // halves: the difference of the extremes may overflow
  var sum = 0.0;
  let end = min(tensor.count, (group.x + 1u) * chunkSize);
  for (var i = group.x * chunkSize + local; i < end; i += threads) {
    let bits = source[elementOf(tensor, i)];
    if (isFinite(bits)) {
      let x = bitcast<f32>(bits);
      var bin = 0u;
      if (width > 0.0) {
        bin = min(binCount - 1u, u32((0.5 * x - 0.5 * low) / width * f32(binCount)));
      }
      atomicAdd(&counts[bin], 1u);
      if (!tiny) {
        sum += (x / scale) * (x / scale);
      }
    }
  }
  minima[local] = sum;
  workgroupBarrier();
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    if (local < half) {
      minima[local] += minima[local + half];
    }
    workgroupBarrier();
  }
  if (local == 0u) {
    squares[tensor.firstChunk + group.x] = minima[0];
  }
  if (local < binCount) {
    let count = atomicLoad(&counts[local]);
    if (count > 0u) {
      atomicAdd(&bins[tensor.result * resultWords + firstBin + local], count);
    }
  }
}
