// Folds the lanes' extremes and counts into each tensor's result and clears its bins. A thread a tensor.
#include layer
@group(0) @binding(1) var<storage, read> tensors: array<LayerTensor>;
@group(0) @binding(2) var<storage, read> extents: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> results: array<LayerResult>;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) id: vec3u) {
  let tensor = tensors[id.x];
  var low = largest;
  var high = -largest;
  var zeros = 0u;
  var nonFinite = 0u;
  for (var lane = tensor.firstLane; lane < tensor.firstLane + tensor.lanes; lane++) {
    let extent = extents[lane];
    low = min(low, extent.x);
    high = max(high, extent.y);
    zeros += u32(extent.z);
    nonFinite += u32(extent.w);
  }
  let some = nonFinite < tensor.count;
  results[tensor.result].minimum = select(0.0, low, some);
  results[tensor.result].maximum = select(0.0, high, some);
  results[tensor.result].scale = select(0.0, max(abs(low), abs(high)), some);
  results[tensor.result].zeros = zeros;
  results[tensor.result].nonFinite = nonFinite;
  for (var bin = 0u; bin < binCount; bin++) {
    results[tensor.result].bins[bin] = 0u;
  }
}
