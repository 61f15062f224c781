// Zeroes elements at random and scales the kept ones; the mask is computed again from the same counters, so forward and backward are one
// kernel. Outside training it copies.
#include flat
#include step
#include philox

struct Params {
  count: u32,
  ordinal: u32, // of the dropout layer, in model order
  rate: f32,
  scale: f32, // 1 / (1 − rate)
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.count) {
    return;
  }
  var value = source[i];
  if (step.training != 0u) {
    let words = philox(vec4u(step.part * params.count + i, step.step, dropoutStream, params.ordinal), vec2u(step.seedLow, step.seedHigh));
    value *= select(0.0, params.scale, uniformOf(words.x) >= params.rate);
  }
  result[i] = value;
}
