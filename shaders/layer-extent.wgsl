// Folds the lanes' extremes and counts into each tensor's result and clears its bins. A thread a tensor.
#include layer
#include extent
@group(0) @binding(1) var<storage, read> tensors: array<LayerTensor>;
@group(0) @binding(2) var<storage, read> extents: array<LaneExtent>;
@group(0) @binding(3) var<storage, read_write> results: array<LayerResult>;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) id: vec3u) {
  let tensor = tensors[id.x];
  var all = noExtent();
  for (var lane = tensor.firstLane; lane < tensor.firstLane + tensor.lanes; lane++) {
    let extent = extents[lane];
    all.low = min(all.low, extent.low);
    all.high = max(all.high, extent.high);
    all.zeros += extent.zeros;
    all.nan += extent.nan;
    all.infinite += extent.infinite;
  }
  let some = all.low <= all.high;
  results[tensor.result].minimum = select(0u, bitsOfOrder(all.low), some);
  results[tensor.result].maximum = select(0u, bitsOfOrder(all.high), some);
  results[tensor.result].scale = select(0u, u32(max(abs(all.low), abs(all.high))), some);
  results[tensor.result].zeros = all.zeros;
  results[tensor.result].nan = all.nan;
  results[tensor.result].infinite = all.infinite;
  for (var bin = 0u; bin < binCount; bin++) {
    results[tensor.result].bins[bin] = 0u;
  }
}
