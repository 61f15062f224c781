// Extremes, zeros and non-finite elements of each lane. A thread a lane, y the tensor.
#include layer
#include extent
@group(0) @binding(1) var<storage, read> tensors: array<LayerTensor>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read_write> extents: array<LaneExtent>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let tensor = tensors[id.y];
  if (id.x >= tensor.lanes) {
    return;
  }
  var extent = noExtent();
  for (var i = id.x; i < tensor.count; i += tensor.lanes) {
    let bits = source[elementOf(tensor, i)];
    let magnitude = magnitudeOf(bits);
    if (magnitude < 0x7f800000u) {
      extent.low = min(extent.low, orderOf(bits));
      extent.high = max(extent.high, orderOf(bits));
      extent.zeros += select(0u, 1u, magnitude == 0u);
    } else if (magnitude > 0x7f800000u) {
      extent.nan++;
    } else {
      extent.infinite++;
    }
  }
  extents[tensor.firstLane + id.x] = extent;
}
