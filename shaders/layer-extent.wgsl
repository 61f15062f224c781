// Extremes, zeros and non-finite elements of each chunk; clears the tensor's bins.
#include layer
@group(0) @binding(1) var<storage, read> tensors: array<LayerTensor>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read_write> extents: array<vec4f>;  // minimum, maximum, zeros, non-finite
@group(0) @binding(4) var<storage, read_write> results: array<LayerResult>;

const largest = 3.4028234663852886e38;
var<workgroup> chunkExtents: array<vec4f, threads>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let tensor = tensors[group.y];
  if (group.x >= tensor.chunks) {
    return;
  }
  if (group.x == 0u && local < binCount) {
    results[tensor.result].bins[local] = 0u;
  }
  var extent = vec4f(largest, -largest, 0.0, 0.0);
  let end = min(tensor.count, (group.x + 1u) * chunkSize);
  for (var i = group.x * chunkSize + local; i < end; i += threads) {
    let bits = source[elementOf(tensor, i)];
    if (isFinite(bits)) {
      let x = bitcast<f32>(bits);
      extent.x = min(extent.x, x);
      extent.y = max(extent.y, x);
      extent.z += select(0.0, 1.0, (bits & 0x7fffffffu) == 0u);
    } else {
      extent.w += 1.0;
    }
  }
  chunkExtents[local] = extent;
  workgroupBarrier();
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    if (local < half) {
      let a = chunkExtents[local];
      let b = chunkExtents[local + half];
      chunkExtents[local] = vec4f(min(a.x, b.x), max(a.y, b.y), a.z + b.z, a.w + b.w);
    }
    workgroupBarrier();
  }
  if (local == 0u) {
    extents[tensor.firstChunk + group.x] = chunkExtents[0];
  }
}
