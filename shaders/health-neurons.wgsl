// Folds each neuron's lanes into its first one, and counts for how many samples in a row it has been silent or saturated. A thread a
// neuron, y the tensor.
#include healthSite
@group(0) @binding(1) var<storage, read> sites: array<Site>;
@group(0) @binding(2) var<storage, read> batch: Batch;
@group(0) @binding(3) var<storage, read_write> lanes: array<Moments>;
@group(0) @binding(4) var<storage, read_write> watched: array<Watched>;

// Of a batch's values, in hundredths, as many as make it one in which the neuron is saturated.
const saturatedShare = 95u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let site = sites[id.y];
  if (id.x >= site.neurons) {
    return;
  }
  var own = lanes[site.firstLane + id.x];
  for (var lane = id.x + site.neurons; lane < site.lanes; lane += site.neurons) {
    own = joined(own, lanes[site.firstLane + lane]);
  }
  lanes[site.firstLane + id.x] = own;
  if (site.isWatched == 0u) {
    return;
  }
  let isKnown = own.nan + own.infinite == 0u && own.count > 0u;
  let isSaturated = isKnown && 100u * own.saturated >= saturatedShare * own.count;
  var neuron = watched[site.firstNeuron + id.x];
  let isSame = own.low == own.high && (batch.samples > 1u || own.low == neuron.last);
  neuron.inactive = select(0u, neuron.inactive + batch.samples, isKnown && own.outside == 0u);
  neuron.constant = select(0u, neuron.constant + batch.samples, isKnown && isSame && !isSaturated);
  neuron.saturated = select(0u, neuron.saturated + batch.samples, isSaturated);
  neuron.last = own.low;
  watched[site.firstNeuron + id.x] = neuron;
}
