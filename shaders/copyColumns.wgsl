// Counted in ELEMENTs: columns [fromFirst, +count) of [rows, fromColumns] to columns [toFirst, +count) of [rows, toColumns]; the rest stays.
#include flat

struct Params {
  rows: u32,
  count: u32,
  fromColumns: u32,
  fromFirst: u32,
  toColumns: u32,
  toFirst: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<ELEMENT>;
@group(0) @binding(2) var<storage, read_write> result: array<ELEMENT>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.rows * params.count) {
    return;
  }
  let row = i / params.count;
  let column = i % params.count;
  let value = source[row * params.fromColumns + params.fromFirst + column];
#if ACCUMULATE
  result[row * params.toColumns + params.toFirst + column] += value;
#else
  result[row * params.toColumns + params.toFirst + column] = value;
#endif
}
