// Floats by their bits: WGSL may assume that there are no NaN and no infinities.
fn magnitudeOf(bits: u32) -> u32 {
  return bits & 0x7fffffffu;
}

fn isFinite(bits: u32) -> bool {
  return magnitudeOf(bits) < 0x7f800000u;
}

// Integers in the order of the finite floats, and back; both zeros are one.
fn orderOf(bits: u32) -> i32 {
  let magnitude = i32(magnitudeOf(bits));
  return select(magnitude, -magnitude, bits > 0x7fffffffu);
}
fn bitsOfOrder(order: i32) -> u32 {
  return u32(abs(order)) | select(0u, 0x80000000u, order < 0);
}
