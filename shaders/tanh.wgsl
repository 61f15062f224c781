// The builtin overflows on some drivers and loses digits near 0 on others: tanh |x| = −m / (m + 2) with m = e^(−2|x|) − 1. The sign is set
// by its bit.
#include math
fn activate(x: f32, parameter: f32) -> f32 {
  let e = reduceExponential(-2.0 * select(abs(x), 15.0, abs(x) > 15.0));
  let m = e.scale * e.rest + (e.scale - 1.0);
  let sign = bitcast<u32>(x) & 0x80000000u;
  return select(bitcast<f32>((bitcast<u32>(m / (m + 2.0)) & 0x7fffffffu) | sign), x, isNan(x));
}
fn derivative(x: f32, y: f32, parameter: f32) -> f32 {
  return 1.0 - y * y;
}
