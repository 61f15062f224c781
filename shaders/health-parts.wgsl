// Folds 32 neurons at a time, and has a bit for each that is dead, and that is saturated. A thread a part, y the tensor.
#include healthSite
@group(0) @binding(1) var<storage, read> sites: array<Site>;
@group(0) @binding(2) var<storage, read> batch: Batch;
@group(0) @binding(3) var<storage, read> lanes: array<Moments>;
@group(0) @binding(4) var<storage, read> watched: array<Watched>;
@group(0) @binding(5) var<storage, read_write> parts: array<Part>;

struct Part {
  moments: Moments,
  dead: u32,
  saturated: u32,
  pad0: u32,
  pad1: u32,
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let site = sites[id.y];
  let first = 32u * id.x;
  if (first >= site.neurons) {
    return;
  }
  var all = noMoments();
  var dead = 0u;
  var saturated = 0u;
  for (var bit = 0u; bit < min(32u, site.neurons - first); bit++) {
    all = joined(all, lanes[site.firstLane + first + bit]);
    if (site.isWatched == 1u) {
      let neuron = watched[site.firstNeuron + first + bit];
      dead |= u32(max(neuron.inactive, neuron.constant) >= batch.needed) << bit;
      saturated |= u32(neuron.saturated >= batch.needed) << bit;
    }
  }
  parts[site.firstPart + id.x] = Part(all, dead, saturated, 0u, 0u);
}
