// A tensor to be described: element i is (row i / columns, column i % columns); offset and strides in elements.
// Its elements are dealt to `lanes` threads, as one deals cards; lane l leaves its partial result at firstLane + l. Nothing here
// uses barriers, which cost software adapters far more than the serial fold of the lanes.
#include bits
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

// Floats as their bits: an adapter may take a subnormal float that it loads or stores for zero.
struct LayerResult {
  minimum: u32,         // of the finite elements; 0, 0 where there are none
  maximum: u32,
  scale: u32,           // largest finite magnitude
  squares: f32,         // sum of (x / scale)² over the finite elements
  zeros: u32,
  nan: u32,
  infinite: u32,
  pad: u32,
  bins: array<u32, 64>,
}

const binCount = 64u;

fn elementOf(tensor: LayerTensor, i: u32) -> u32 {
  if (tensor.columnStride == 1u && tensor.rowStride == tensor.columns) {
    return tensor.offset + i;
  }
  return tensor.offset + (i / tensor.columns) * tensor.rowStride + (i % tensor.columns) * tensor.columnStride;
}

// A finite float times the power of two that brings numbers of the magnitude `scale` (bits) near 1, so that neither subnormal numbers
// count as zero nor a division's reciprocal underflows. Numbers far below the scale may become zero.
fn nearOne(bits: u32, scale: u32) -> f32 {
  let magnitude = magnitudeOf(bits);
  var x = bitcast<f32>(magnitude);
  if (scale < 0x0d800000u) {  // 2⁻¹⁰⁰
    x = select(x * 0x1p100f, f32(magnitude) * 0x1p-49f, magnitude < 0x00800000u);
  } else if (scale >= 0x71800000u) {  // 2¹⁰⁰
    x *= 0x1p-100f;
  }
  return select(x, -x, bits > 0x7fffffffu);
}
