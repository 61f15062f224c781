// Batch normalisation over the channels of [rows, channels, inner]; only the batch's true rows count. One thread a channel for sums, one an
// element for maps; the STAGE defines choose which of the kernels this is.
struct Params { rows: u32, channels: u32, inner: u32, eps: f32, momentum: f32, pad0: u32, pad1: u32, pad2: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
#if STATISTICS
@group(0) @binding(2) var<storage, read_write> mean: array<f32>;
@group(0) @binding(3) var<storage, read_write> inverse: array<f32>; // 1 / sqrt(variance + eps)
@group(0) @binding(4) var<storage, read_write> runningMean: array<f32>;
@group(0) @binding(5) var<storage, read_write> runningVariance: array<f32>;
#endif
#if NORMALIZE
@group(0) @binding(2) var<storage, read> mean: array<f32>;
@group(0) @binding(3) var<storage, read> scale: array<f32>; // training: 1 / sqrt(variance + eps); evaluation: the running variance
@group(0) @binding(4) var<storage, read> weight: array<f32>;
@group(0) @binding(5) var<storage, read> bias: array<f32>;
@group(0) @binding(6) var<storage, read_write> y: array<f32>;
#endif
#if GRADIENTS
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> mean: array<f32>;
@group(0) @binding(4) var<storage, read> inverse: array<f32>;
@group(0) @binding(5) var<storage, read_write> dWeight: array<f32>;
@group(0) @binding(6) var<storage, read_write> dBias: array<f32>;
#endif
#if INPUT
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> mean: array<f32>;
@group(0) @binding(4) var<storage, read> inverse: array<f32>;
@group(0) @binding(5) var<storage, read> weight: array<f32>;
@group(0) @binding(6) var<storage, read> dWeight: array<f32>;
@group(0) @binding(7) var<storage, read> dBias: array<f32>;
@group(0) @binding(8) var<storage, read_write> dx: array<f32>;
#endif
#include flat
#include step

fn at(row: u32, channel: u32, i: u32) -> u32 {
  return (row * params.channels + channel) * params.inner + i;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let thread = flatIndex(id);
#if STATISTICS
  let channel = thread;
  if (channel >= params.channels) { return; }
  let count = f32(step.batchCount * params.inner);
  var sum = 0.0;
  for (var row = 0u; row < step.batchCount; row += 1u) {
    for (var i = 0u; i < params.inner; i += 1u) { sum += x[at(row, channel, i)]; }
  }
  let guess = sum / count;
  // around the mean, in a second pass: the difference of squares would cancel; what the deviations sum to mends the mean's rounding
  var rest = 0.0;
  var squares = 0.0;
  for (var row = 0u; row < step.batchCount; row += 1u) {
    for (var i = 0u; i < params.inner; i += 1u) {
      let d = x[at(row, channel, i)] - guess;
      rest += d;
      squares += d * d;
    }
  }
  let center = guess + rest / count;
  squares = max(squares - rest * (rest / count), 0.0);
  mean[channel] = center;
  inverse[channel] = 1.0 / sqrt(squares / count + params.eps);
  runningMean[channel] = (1.0 - params.momentum) * runningMean[channel] + params.momentum * center;
  // a last batch of one value has no unbiased variance
  runningVariance[channel] = (1.0 - params.momentum) * runningVariance[channel] + params.momentum * squares / max(count - 1.0, 1.0);
#endif
#if NORMALIZE
  if (thread >= params.rows * params.channels * params.inner) { return; }
  let channel = thread / params.inner % params.channels;
#if EVALUATE
  let factor = 1.0 / sqrt(scale[channel] + params.eps);
#else
  let factor = scale[channel];
#endif
  y[thread] = (x[thread] - mean[channel]) * factor * weight[channel] + bias[channel];
#endif
#if GRADIENTS
  let channel = thread;
  if (channel >= params.channels) { return; }
  var weightSum = 0.0;
  var biasSum = 0.0;
  for (var row = 0u; row < step.batchCount; row += 1u) {
    for (var i = 0u; i < params.inner; i += 1u) {
      let j = at(row, channel, i);
      weightSum += dy[j] * (x[j] - mean[channel]) * inverse[channel];
      biasSum += dy[j];
    }
  }
  dWeight[channel] = weightSum;
  dBias[channel] = biasSum;
#endif
#if INPUT
  if (thread >= params.rows * params.channels * params.inner) { return; }
  let row = thread / (params.inner * params.channels);
  if (row >= step.batchCount) {
    dx[thread] = 0.0;
    return;
  }
  let channel = thread / params.inner % params.channels;
  let count = f32(step.batchCount * params.inner);
  let normalized = (x[thread] - mean[channel]) * inverse[channel];
  dx[thread] = weight[channel] * inverse[channel] * (dy[thread] - (dBias[channel] + normalized * dWeight[channel]) / count);
#endif
}
