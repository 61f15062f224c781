// Sums what the loss left for each row, in a fixed order, compensated as by Neumaier: a strip a thread, then thread 0 over the strips. The parts
// of a step add up in its slot.
#include step

struct Params {
  rows: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rowResult: array<vec2f>;
#if ACCUMULATE
// Over many batches: loss + rest is the sum of the samples' losses.
struct Accumulator {
  loss: f32,
  rest: f32,
  correct: u32,
  count: u32,
}
@group(0) @binding(2) var<storage, read_write> accumulator: Accumulator;
#else
@group(0) @binding(2) var<storage, read_write> results: array<vec4f>; // ring by step.slot: loss, correct, 0, count
#endif

var<workgroup> strips: array<vec4f, WORKGROUP>; // loss, its rest, correct

fn add(sum: vec4f, value: f32, correct: f32) -> vec4f {
  let total = sum.x + value;
  let lost = select((value - total) + sum.x, (sum.x - total) + value, abs(sum.x) >= abs(value));
  return vec4f(total, sum.y + lost, sum.z + correct, 0.0);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = vec4f();
  for (var row = lane; row < params.rows; row += u32(WORKGROUP)) {
    sum = add(sum, rowResult[row].x, rowResult[row].y);
  }
  strips[lane] = sum;
  workgroupBarrier();
  if (lane > 0u) {
    return;
  }
  for (var i = 1u; i < u32(WORKGROUP); i++) {
    sum = add(sum, strips[i].x, strips[i].z);
    sum.y += strips[i].y;
  }
#if ACCUMULATE
  let count = f32(step.batchCount);
  let total = add(vec4f(accumulator.loss, accumulator.rest, 0.0, 0.0), (sum.x + sum.y) * count, 0.0);
  accumulator.loss = total.x;
  accumulator.rest = total.y;
  accumulator.correct += u32(sum.z);
  accumulator.count += step.batchCount;
#else
  var result = vec4f(sum.x + sum.y, sum.z, 0.0, f32(step.batchCount));
  if (step.part > 0u) {
    result += results[step.slot];
  }
  results[step.slot] = result;
#endif
}
