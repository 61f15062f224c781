// The sum of a buffer times a factor, in two stages of fixed order: each thread of the first adds a strip, the second adds the strips.
struct Params {
  count: u32,
  partials: u32,
  factor: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.partials) {
    return;
  }
  var sum = 0.0;
  for (var i = id.x; i < params.count; i += params.partials) {
    sum += source[i];
  }
  result[id.x] = sum * params.factor;
}
