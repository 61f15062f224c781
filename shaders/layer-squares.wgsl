// Folds the lanes' sums of squares, in order, into each tensor's result. A thread a tensor.
#include layer
@group(0) @binding(1) var<storage, read> tensors: array<LayerTensor>;
@group(0) @binding(2) var<storage, read> squares: array<f32>;
@group(0) @binding(3) var<storage, read_write> results: array<LayerResult>;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) id: vec3u) {
  let tensor = tensors[id.x];
  var sum = 0.0;
  for (var lane = tensor.firstLane; lane < tensor.firstLane + tensor.lanes; lane++) {
    sum += squares[lane];
  }
  results[tensor.result].squares = sum;
}
