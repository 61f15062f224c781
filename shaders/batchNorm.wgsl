// Batch normalisation over the channels of [rows, inner, channels]; only the batch's true rows count. One thread a channel for sums, or, where SPANS is set, one for
// a span of each channel's numbers and then one a channel over the spans; one an element for maps. The STAGE defines choose which of the kernels this is.
struct Params { rows: u32, channels: u32, inner: u32, eps: f32, momentum: f32, pad0: u32, pad1: u32, pad2: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
#if STATISTICS
#if PARTIAL
@group(0) @binding(2) var<storage, read_write> spans: array<vec2f>; // [span, channel]: mean, squared deviations
#else
@group(0) @binding(2) var<storage, read_write> mean: array<f32>;
@group(0) @binding(3) var<storage, read_write> inverse: array<f32>; // 1 / sqrt(variance + eps)
@group(0) @binding(4) var<storage, read_write> runningMean: array<f32>;
@group(0) @binding(5) var<storage, read_write> runningVariance: array<f32>;
#if SPANS
@group(0) @binding(6) var<storage, read> spans: array<vec2f>;
#endif
#endif
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
#if PARTIAL
@group(0) @binding(5) var<storage, read_write> spans: array<vec2f>; // [span, channel]: of ∂L/∂weight, of ∂L/∂bias
#else
@group(0) @binding(5) var<storage, read_write> dWeight: array<f32>;
@group(0) @binding(6) var<storage, read_write> dBias: array<f32>;
#if SPANS
@group(0) @binding(7) var<storage, read> spans: array<vec2f>;
#endif
#endif
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

// Numbers of a channel in the true rows, and in a span of them.
fn trueCount() -> u32 {
  return step.batchCount * params.inner;
}
const span = SPAN;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let thread = flatIndex(id);
#if STATISTICS
  let channel = thread % params.channels;
#if PARTIAL
  let first = thread / params.channels * span;
  if (first >= params.rows * params.inner) { return; }
  let end = min(first + span, trueCount());
#else
  if (thread >= params.channels) { return; }
  let first = 0u;
  let end = trueCount();
#endif
  let count = f32(end - min(first, end));
#if SPANS
  // Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979): spans join in order.
  var center = 0.0;
  var squares = 0.0;
  for (var at = 0u; at < end; at += span) {
    let part = spans[at / span * params.channels + channel];
    let before = f32(at);
    let own = f32(min(span, end - at));
    let difference = part.x - center;
    center += difference * (own / (before + own));
    squares += part.y + difference * difference * (before * own / (before + own));
  }
#else
  var sum = 0.0;
  for (var i = first; i < end; i += 1u) { sum += x[i * params.channels + channel]; }
  let guess = sum / max(count, 1.0);
  // around the mean, in a second pass: the difference of squares would cancel; what the deviations sum to mends the mean's rounding
  var rest = 0.0;
  var squares = 0.0;
  for (var i = first; i < end; i += 1u) {
    let d = x[i * params.channels + channel] - guess;
    rest += d;
    squares += d * d;
  }
  let shift = rest / max(count, 1.0);
  let center = guess + shift;
  squares = max(squares - rest * shift, 0.0);
#endif
#if PARTIAL
  spans[thread] = vec2f(center, squares);
#else
  mean[channel] = center;
  inverse[channel] = 1.0 / sqrt(squares / count + params.eps);
  runningMean[channel] = (1.0 - params.momentum) * runningMean[channel] + params.momentum * center;
  // a last batch of one value has no unbiased variance
  runningVariance[channel] = (1.0 - params.momentum) * runningVariance[channel] + params.momentum * squares / max(count - 1.0, 1.0);
#endif
#endif
#if NORMALIZE
  if (thread >= params.rows * params.channels * params.inner) { return; }
  let channel = thread % params.channels;
#if EVALUATE
  let factor = 1.0 / sqrt(scale[channel] + params.eps);
#else
  let factor = scale[channel];
#endif
  y[thread] = (x[thread] - mean[channel]) * factor * weight[channel] + bias[channel];
#endif
#if GRADIENTS
  let channel = thread % params.channels;
  var weightSum = 0.0;
  var biasSum = 0.0;
#if SPANS
  if (thread >= params.channels) { return; }
  for (var at = 0u; at < trueCount(); at += span) {
    let part = spans[at / span * params.channels + channel];
    weightSum += part.x;
    biasSum += part.y;
  }
#else
#if PARTIAL
  let first = thread / params.channels * span;
  if (first >= params.rows * params.inner) { return; }
  let end = min(first + span, trueCount());
#else
  if (thread >= params.channels) { return; }
  let first = 0u;
  let end = trueCount();
#endif
  // Few at a time: a long sum of small numbers would lose their last digits.
  for (var few = first; few < end; few += 16u) {
    var fewWeights = 0.0;
    var fewBiases = 0.0;
    for (var i = few; i < min(few + 16u, end); i += 1u) {
      let j = i * params.channels + channel;
      fewWeights += dy[j] * (x[j] - mean[channel]) * inverse[channel];
      fewBiases += dy[j];
    }
    weightSum += fewWeights;
    biasSum += fewBiases;
  }
#endif
#if PARTIAL
  spans[thread] = vec2f(weightSum, biasSum);
#else
  dWeight[channel] = weightSum;
  dBias[channel] = biasSum;
#endif
#endif
#if INPUT
  if (thread >= params.rows * params.channels * params.inner) { return; }
  let row = thread / (params.inner * params.channels);
  if (row >= step.batchCount) {
    dx[thread] = 0.0;
    return;
  }
  let channel = thread % params.channels;
  let count = f32(step.batchCount * params.inner);
  let normalized = (x[thread] - mean[channel]) * inverse[channel];
  dx[thread] = weight[channel] * inverse[channel] * (dy[thread] - (dBias[channel] + normalized * dWeight[channel]) / count);
#endif
}
