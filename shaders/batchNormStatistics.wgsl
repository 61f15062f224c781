// Mean and variance of each channel over the batch's true positions, and their running averages. Where PARTIAL is set, of each span of SPAN positions;
// where SPANS is set, those joined. Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
#include batchNormChannels
@group(0) @binding(1) var<storage, read> x: array<Element>;
#if PARTIAL
@group(0) @binding(2) var<storage, read_write> spans: array<Element>; // [span, 2, width]: means, squared deviations
#else
@group(0) @binding(2) var<storage, read_write> statistics: array<Element>; // means, then 1 / sqrt(variance + eps)
@group(0) @binding(3) var<storage, read_write> runningMean: array<Element>;
@group(0) @binding(4) var<storage, read_write> runningVariance: array<Element>;
#if SPANS
@group(0) @binding(5) var<storage, read> spans: array<Element>;
#endif
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let thread = flatIndex(id);
  let channel = thread % params.width;
#if PARTIAL
  let first = thread / params.width * SPAN;
  if (first >= params.positions) { return; }
  let end = min(first + SPAN, trueCount());
#else
  if (thread >= params.width) { return; }
  let first = 0u;
  let end = trueCount();
#endif
  // Around a value of their own: far from 0 a mean has no digits left for what the deviations add.
  var mean = Element();
  var squares = Element();
#if SPANS
  let guess = spans[channel];
  for (var at = 0u; at < end; at += SPAN) {
    let before = f32(at);
    let own = f32(min(SPAN, end - at));
    let place = at / SPAN * 2u * params.width + channel;
    let difference = spans[place] - guess - mean;
    mean += difference * (own / (before + own));
    squares += spans[place + params.width] + difference * difference * (before * own / (before + own));
  }
#else
  let guess = x[min(first, params.positions - 1u) * params.width + channel];
  var i = first;
  for (; i + 8u <= end; i += 8u) {
#each Q 8
    let d$(Q) = x[(i + $(Q)u) * params.width + channel] - guess;
#end
    let own = (d0 + d1 + d2 + d3 + d4 + d5 + d6 + d7) * 0.125;
    var around = Element();
#each Q 8
    around += (d$(Q) - own) * (d$(Q) - own);
#end
    let before = f32(i - first);
    let share = 8.0 / (before + 8.0);
    let difference = own - mean;
    mean += difference * share;
    squares += around + difference * difference * (before * share);
  }
  for (; i < end; i++) {
    let difference = x[i * params.width + channel] - guess - mean;
    let share = 1.0 / f32(i - first + 1u);
    mean += difference * share;
    squares += difference * difference * (1.0 - share);
  }
#endif
#if PARTIAL
  let place = thread / params.width * 2u * params.width + channel;
  spans[place] = guess + mean;
  spans[place + params.width] = squares;
#else
  let count = f32(end);
  let center = guess + mean;
  statistics[channel] = center;
  statistics[params.width + channel] = 1.0 / sqrt(squares / count + params.eps);
  runningMean[channel] = (1.0 - params.momentum) * runningMean[channel] + params.momentum * center;
  // a last batch of one value has no unbiased variance
  runningVariance[channel] = (1.0 - params.momentum) * runningVariance[channel] + params.momentum * squares / max(count - 1.0, 1.0);
#endif
}
