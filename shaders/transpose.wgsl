// [batch, ROWS, COLUMNS] → [batch, COLUMNS, ROWS].
#include flat
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= COUNT) {
    return;
  }
  let within = i % (ROWS * COLUMNS);
  result[i] = source[i - within + within % ROWS * COLUMNS + within / ROWS];
}
