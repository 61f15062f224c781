// y = activate((x − mean) · inverse · weight + bias) for each channel: in training by the batch's statistics, where EVALUATE is set by the running ones.
// A thread walks ROWS positions of its channels; KEEP also stores what the activation is applied to.
#include batchNormChannels
#include ACTIVATION
@group(0) @binding(1) var<storage, read> x: array<Element>;
#if EVALUATE
@group(0) @binding(2) var<storage, read> runningMean: array<Element>;
@group(0) @binding(3) var<storage, read> runningVariance: array<Element>;
#else
@group(0) @binding(2) var<storage, read> statistics: array<Element>; // means, then 1 / sqrt(variance + eps)
#endif
@group(0) @binding($(3 + EVALUATE)) var<storage, read> weight: array<Element>;
@group(0) @binding($(4 + EVALUATE)) var<storage, read> bias: array<Element>;
@group(0) @binding($(5 + EVALUATE)) var<storage, read_write> y: array<Element>;
#if KEEP
@group(0) @binding($(6 + EVALUATE)) var<storage, read_write> kept: array<Element>;
#endif

fn each(value: Element) -> Element {
#if VECTOR
  return vec4f(activate(value.x, params.parameter), activate(value.y, params.parameter), activate(value.z, params.parameter), activate(value.w, params.parameter));
#else
  return activate(value, params.parameter);
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let thread = flatIndex(id);
  let channel = thread % params.width;
  let stride = (params.positions + u32(ROWS) - 1u) / u32(ROWS);
  let first = thread / params.width;
  if (first >= stride) { return; }
#if EVALUATE
  let mean = runningMean[channel];
  let factor = 1.0 / sqrt(runningVariance[channel] + params.eps) * weight[channel];
#else
  let mean = statistics[channel];
  let factor = statistics[params.width + channel] * weight[channel];
#endif
  let shift = bias[channel];
  for (var position = first; position < params.positions; position += stride) {
    let i = position * params.width + channel;
    let value = (x[i] - mean) * factor + shift;
#if KEEP
    kept[i] = value;
#endif
    y[i] = each(value);
  }
}
