// The random perturbation alone, for a step whose update has been done: a thread a number of the parameters' arena.
#include flat
#include perturbation

struct Params {
  count: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parameters: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i < params.count) {
    parameters[i] += perturbation(i);
  }
}
