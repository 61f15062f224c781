// A batch [rows, features] out of one shard of the samples, decoded and standardised, four numbers at once where a row is whole fours
// (VECTOR). Rows beyond the true batch become 0; rows whose sample lies in another shard are left alone. Where TARGETS is set, the first thread
// of a row also copies the sample's target, words as they are: class indices or numbers. With AUGMENT a row is a training image, moved at random
// before it is standardised.
struct Params { rows: u32, features: u32, shardFirst: u32, shardCount: u32, bits: u32, scalingWidth: u32, targets: u32, pad0: u32 } // features: Elements of a row
alias Element = ELEMENT;
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> samples: array<SOURCE>;
#if SCALED
@group(0) @binding(2) var<storage, read> scaling: array<f32>; // means, then 1 / deviation
@group(0) @binding(3) var<storage, read_write> x: array<Element>;
#else
@group(0) @binding(2) var<storage, read_write> x: array<Element>;
#endif
#if TARGETS
@group(0) @binding($(3 + SCALED)) var<storage, read> targets: array<u32>;
@group(0) @binding($(4 + SCALED)) var<storage, read_write> y: array<u32>;
#endif
#include sampleOrder

const strip = STRIP;

#if VECTOR
fn fourDecoded(at: u32) -> vec4f {
#if BYTES
  return vec4f((vec4u(samples[at]) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u)) / 255.0;
#else
  return samples[at];
#endif
}

fn valueAt(at: u32, i: u32) -> vec4f {
#if SCALED
#if ONE_SCALE
  return (fourDecoded(at) - scaling[0]) * scaling[1];
#else
  let j = 4u * i;
  let k = params.scalingWidth + j;
  let mean = vec4f(scaling[j], scaling[j + 1u], scaling[j + 2u], scaling[j + 3u]);
  return (fourDecoded(at) - mean) * vec4f(scaling[k], scaling[k + 1u], scaling[k + 2u], scaling[k + 3u]);
#endif
#else
  return fourDecoded(at);
#endif
}
#else
#include sampleValue
fn valueAt(at: u32, i: u32) -> f32 {
  return sampleValue(at, i, params.scalingWidth);
}
#endif
#if AUGMENT
#include augment

fn movedValueAt(first: u32, i: u32, motion: Motion) -> f32 {
  let place = placeBefore(i, motion);
  if (place < 0) {
    return standardised(0.0, i, params.scalingWidth);
  }
  return standardised(decoded(first + u32(place)), i, params.scalingWidth);
}
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y;
  let first = id.x * strip;
  let last = min(first + strip, params.features);
  if (row >= step.batchCount) {
    for (var i = first; i < last; i += 1u) { x[row * params.features + i] = Element(); }
#if TARGETS
    if (id.x == 0u) {
      for (var i = 0u; i < params.targets; i += 1u) { y[row * params.targets + i] = 0u; }
    }
#endif
    return;
  }
  let ofAll = sampleInBlocksAt(step.batchStart + row, params.bits);
#if TARGETS
  if (id.x == 0u) {
    for (var i = 0u; i < params.targets; i += 1u) { y[row * params.targets + i] = targets[ofAll * params.targets + i]; }
  }
#endif
  let sample = ofAll - params.shardFirst;
  if (sample >= params.shardCount) { return; }
#if AUGMENT
  let motion = motionOf(step.batchStart + row);
  for (var i = first; i < last; i += 1u) {
    x[row * params.features + i] = movedValueAt(sample * params.features, i, motion);
  }
#else
  for (var i = first; i < last; i += 1u) {
    let value = valueAt(sample * params.features + i, i);
    x[row * params.features + i] = value;
  }
#endif
}
