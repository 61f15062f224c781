// ∂L/∂weight and ∂L/∂bias of each channel over the batch's true positions. Where PARTIAL is set, of each span of SPAN positions; where SPANS is set, those
// added up.
#include batchNormChannels
@group(0) @binding(1) var<storage, read> x: array<Element>;
@group(0) @binding(2) var<storage, read> dy: array<Element>;
@group(0) @binding(3) var<storage, read> statistics: array<Element>; // means, then 1 / sqrt(variance + eps)
#if PARTIAL
@group(0) @binding(4) var<storage, read_write> spans: array<Element>; // [span, 2, width]: of ∂L/∂weight, of ∂L/∂bias
#else
@group(0) @binding(4) var<storage, read_write> dWeight: array<Element>;
@group(0) @binding(5) var<storage, read_write> dBias: array<Element>;
#if SPANS
@group(0) @binding(6) var<storage, read> spans: array<Element>;
#endif
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let thread = flatIndex(id);
  let channel = thread % params.width;
  var weightSum = Element();
  var biasSum = Element();
#if SPANS
  if (thread >= params.width) { return; }
  for (var at = 0u; at < trueCount(); at += SPAN) {
    let place = at / SPAN * 2u * params.width + channel;
    weightSum += spans[place];
    biasSum += spans[place + params.width];
  }
#else
#if PARTIAL
  let first = thread / params.width * SPAN;
  if (first >= params.positions) { return; }
  let end = min(first + SPAN, trueCount());
#else
  if (thread >= params.width) { return; }
  let first = 0u;
  let end = trueCount();
#endif
  let mean = statistics[channel];
  // Few at a time: a long sum of small numbers would lose their last digits.
  for (var few = first; few < end; few += 16u) {
    var fewWeights = Element();
    var fewBiases = Element();
    for (var i = few; i < min(few + 16u, end); i++) {
      let j = i * params.width + channel;
      fewWeights += dy[j] * (x[j] - mean);
      fewBiases += dy[j];
    }
    weightSum += fewWeights;
    biasSum += fewBiases;
  }
  weightSum *= statistics[params.width + channel];
#endif
#if PARTIAL
  let place = thread / params.width * 2u * params.width + channel;
  spans[place] = weightSum;
  spans[place + params.width] = biasSum;
#else
  dWeight[channel] = weightSum;
  dBias[channel] = biasSum;
#endif
}
