// The targets of a batch, [rows, columns] words as they are: class indices or numbers. Rows beyond the true batch become 0.
struct Params { rows: u32, columns: u32, bits: u32, pad0: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> targets: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;
#include sampleOrder

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= params.rows) { return; }
  let inside = row < step.batchCount;
  var sample = 0u;
  if (inside) { sample = sampleAt(step.batchStart + row, params.bits); }
  for (var i = 0u; i < params.columns; i += 1u) {
    y[row * params.columns + i] = select(0u, targets[sample * params.columns + i], inside);
  }
}
