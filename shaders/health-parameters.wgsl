// Folds the lanes of every parameter tensor, in order. A thread a tensor.
#include health
@group(0) @binding(1) var<storage, read> places: array<ParameterPlace>;
@group(0) @binding(2) var<storage, read> lanes: array<ParameterSums>;
@group(0) @binding(3) var<storage, read_write> tensors: array<ParameterSums>;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) id: vec3u) {
  let place = places[id.x];
  var all = lanes[place.firstLane];
  for (var lane = place.firstLane + 1u; lane < place.firstLane + place.lanes; lane++) {
    let own = lanes[lane];
    all.gradient = together(all.gradient, own.gradient);
    all.weight = together(all.weight, own.weight);
    all.beforeUpdate = together(all.beforeUpdate, own.beforeUpdate);
    all.update = together(all.update, own.update);
    all.zeroGradients += own.zeroGradients;
    all.nanGradients += own.nanGradients;
    all.infiniteGradients += own.infiniteGradients;
    all.zeroWeights += own.zeroWeights;
    all.nanWeights += own.nanWeights;
    all.infiniteWeights += own.infiniteWeights;
    all.largestWeight = max(all.largestWeight, own.largestWeight);
    all.lostUpdates += own.lostUpdates;
  }
  tensors[id.x] = all;
}
