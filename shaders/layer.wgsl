// A tensor to be described: element i is (row i / columns, column i % columns); offset and strides in elements.
// A workgroup takes a chunk of 4,096 elements; partial results lie at firstChunk + chunk.
struct LayerTensor {
  offset: u32,
  columns: u32,
  rowStride: u32,
  columnStride: u32,
  count: u32,
  firstChunk: u32,
  chunks: u32,
  result: u32,          // its row of results
}

struct LayerResult {
  minimum: f32,         // of the finite elements; 0, 0 where there are none
  maximum: f32,
  scale: f32,           // largest finite magnitude
  squares: f32,         // sum of (x / scale)² over the finite elements
  zeros: u32,
  nonFinite: u32,
  finite: u32,
  pad: u32,
  bins: array<u32, 64>,
}

const threads = 256u;
const chunkSize = 4096u;
const binCount = 64u;

fn elementOf(tensor: LayerTensor, i: u32) -> u32 {
  return tensor.offset + (i / tensor.columns) * tensor.rowStride + (i % tensor.columns) * tensor.columnStride;
}

// WGSL may assume that there are no NaN and no infinities: only bits tell.
fn isFinite(bits: u32) -> bool {
  return (bits & 0x7fffffffu) < 0x7f800000u;
}
