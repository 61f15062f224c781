// The mean of each channel of [batch, positions, channels], one thread a mean; where BACKWARD is set its derivative, one thread a number.
#include flat
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= COUNT) {
    return;
  }
#if BACKWARD
  result[i] = source[i / (POSITIONS * CHANNELS) * CHANNELS + i % CHANNELS] / f32(POSITIONS);
#else
  let first = i / CHANNELS * (POSITIONS * CHANNELS) + i % CHANNELS;
  var sum = 0.0;
  for (var position = 0u; position < POSITIONS; position += 1u) {
    sum += source[first + position * CHANNELS];
  }
  result[i] = sum / f32(POSITIONS);
#endif
}
