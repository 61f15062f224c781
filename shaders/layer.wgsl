// A tensor to be described: element i is (row i / columns, column i % columns); offset and strides in elements.
// Its elements are dealt to `lanes` threads, as one deals cards; lane l leaves its partial result at firstLane + l. Nothing here
// uses barriers, which cost software adapters far more than the serial fold of the lanes.
struct LayerTensor {
  offset: u32,
  columns: u32,
  rowStride: u32,
  columnStride: u32,
  count: u32,
  firstLane: u32,
  lanes: u32,
  result: u32,          // its row of results
}

struct LayerResult {
  minimum: f32,         // of the finite elements; 0, 0 where there are none
  maximum: f32,
  scale: f32,           // largest finite magnitude
  squares: f32,         // sum of (x / scale)² over the finite elements
  zeros: u32,
  nonFinite: u32,
  pad0: u32,
  pad1: u32,
  bins: array<u32, 64>,
}

const binCount = 64u;
const largest = 3.4028234663852886e38;
const smallestNormal = 1.1754943508222875e-38;

fn elementOf(tensor: LayerTensor, i: u32) -> u32 {
  if (tensor.columnStride == 1u && tensor.rowStride == tensor.columns) {
    return tensor.offset + i;
  }
  return tensor.offset + (i / tensor.columns) * tensor.rowStride + (i % tensor.columns) * tensor.columnStride;
}

// WGSL may assume that there are no NaN and no infinities: only bits tell.
fn isFinite(bits: u32) -> bool {
  return (bits & 0x7fffffffu) < 0x7f800000u;
}
