// A batch [rows, features] out of one shard of the samples, decoded and standardised. Rows beyond the true batch become 0; rows whose
// sample lies in another shard are left alone.
struct Params { rows: u32, features: u32, shardFirst: u32, shardCount: u32, bits: u32, scalingWidth: u32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> samples: array<SOURCE>;
#if SCALED
@group(0) @binding(2) var<storage, read> scaling: array<f32>; // means, then 1 / deviation
@group(0) @binding(3) var<storage, read_write> x: array<f32>;
#else
@group(0) @binding(2) var<storage, read_write> x: array<f32>;
#endif
#include sampleOrder
#include sampleValue

const strip = STRIP;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y;
  let first = id.x * strip;
  let last = min(first + strip, params.features);
  if (row >= step.batchCount) {
    for (var i = first; i < last; i += 1u) { x[row * params.features + i] = 0.0; }
    return;
  }
  let sample = sampleAt(step.batchStart + row, params.bits) - params.shardFirst;
  if (sample >= params.shardCount) { return; }
  for (var i = first; i < last; i += 1u) {
    let value = sampleValue(sample * params.features + i, i, params.scalingWidth);
    x[row * params.features + i] = value;
  }
}
