// First values of one parameter.
#include flat
#include philox
#if NORMAL
#include math
#endif

struct Params {
  count: u32,
  ordinal: u32,
  seedLow: u32,
  seedHigh: u32,
  base: f32, // uniform: minimum; constant: value
  scale: f32, // uniform: maximum − minimum; normal: deviation
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> values: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.count) {
    return;
  }
#if CONSTANT
  values[i] = params.base;
#else
  let words = philox(vec4u(i, params.ordinal, initialStream, 0u), vec2u(params.seedLow, params.seedHigh));
#if NORMAL
  // Box and Muller's transform; the logarithm's argument lies in (0, 1]
  let radius = sqrt(max(0.0, -2.0 * logarithm(uniformOf(words.x) + 5.9604644775390625e-8)));
  values[i] = params.scale * radius * cosineOfTurns(uniformOf(words.y));
#else
  values[i] = params.base + params.scale * uniformOf(words.x);
#endif
#endif
}
