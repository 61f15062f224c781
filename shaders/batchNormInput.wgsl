// ∂L/∂x of batch normalisation in training, where mean and variance depend on x. A thread walks ROWS positions of its channels; those past the batch's true rows
// get 0.
#include batchNormChannels
@group(0) @binding(1) var<storage, read> x: array<Element>;
@group(0) @binding(2) var<storage, read> dy: array<Element>;
@group(0) @binding(3) var<storage, read> statistics: array<Element>; // means, then 1 / sqrt(variance + eps)
@group(0) @binding(4) var<storage, read> weight: array<Element>;
@group(0) @binding(5) var<storage, read> dWeight: array<Element>;
@group(0) @binding(6) var<storage, read> dBias: array<Element>;
@group(0) @binding(7) var<storage, read_write> dx: array<Element>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let thread = flatIndex(id);
  let channel = thread % params.width;
  let stride = (params.positions + u32(ROWS) - 1u) / u32(ROWS);
  let first = thread / params.width;
  if (first >= stride) { return; }
  let count = f32(trueCount());
  let mean = statistics[channel];
  let inverse = statistics[params.width + channel];
  let factor = weight[channel] * inverse;
  let shift = dBias[channel] / count;
  let slope = inverse * dWeight[channel] / count;
  for (var position = first; position < params.positions; position += stride) {
    let i = position * params.width + channel;
    dx[i] = select(Element(), factor * (dy[i] - shift - (x[i] - mean) * slope), position < trueCount());
  }
}
