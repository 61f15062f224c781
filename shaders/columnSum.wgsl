// [rows, columns] → [columns]. Where STRIPS is more than 1, a workgroup's threads split the rows of a column among them, and its first
// strip adds the others' sums in order: one barrier. Where CHUNK is set, each chunk of so many rows has sums of its own: [chunks, columns].
alias Element = ELEMENT;
struct Params {
  rows: u32,
  columns: u32, // in Elements
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<Element>; // [rows, columns]
@group(0) @binding(2) var<storage, read_write> result: array<Element>; // [columns]
#if SPLIT
var<workgroup> sums: array<Element, WORKGROUP>; // [STRIPS, WIDTH]
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let strip = thread / u32(WIDTH);
  let column = group.x * u32(WIDTH) + thread % u32(WIDTH);
  var sum = Element();
  if (column < params.columns) {
#if CHUNK
    let end = min((group.y + 1u) * u32(CHUNK), params.rows);
    for (var row = group.y * u32(CHUNK); row < end; row += 1u) {
#else
    for (var row = strip; row < params.rows; row += u32(STRIPS)) {
#endif
      sum += source[row * params.columns + column];
    }
  }
#if SPLIT
  sums[thread] = sum;
  workgroupBarrier();
  if (strip > 0u) {
    return;
  }
  for (var i = thread + u32(WIDTH); i < u32(WORKGROUP); i += u32(WIDTH)) {
    sum += sums[i];
  }
#endif
  if (column < params.columns) {
#if CHUNK
    result[group.y * params.columns + column] = sum;
#else
    result[column] = sum;
#endif
  }
}
