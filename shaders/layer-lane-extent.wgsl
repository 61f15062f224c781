// Extremes, zeros and non-finite elements of each lane. A thread a lane, y the tensor.
#include layer
@group(0) @binding(1) var<storage, read> tensors: array<LayerTensor>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read_write> extents: array<vec4f>;  // minimum, maximum, zeros, non-finite

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let tensor = tensors[id.y];
  if (id.x >= tensor.lanes) {
    return;
  }
  var extent = vec4f(largest, -largest, 0.0, 0.0);
  for (var i = id.x; i < tensor.count; i += tensor.lanes) {
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
  extents[tensor.firstLane + id.x] = extent;
}
