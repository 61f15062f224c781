// Almost no work, and each dispatch needs the one before: what a dispatch costs.
@group(0) @binding(1) var<storage, read_write> ticks: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  ticks[id.x] += BY;
}
