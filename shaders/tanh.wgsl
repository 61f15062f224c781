// The builtin overflows on some drivers and loses digits near 0 on others: tanh |x| = −m / (m + 2) with m = e^(−2|x|) − 1.
#include math
fn activate(x: f32, parameter: f32) -> f32 {
  let m = exponentialMinusOne(-2.0 * min(abs(x), 15.0));
  let t = -m / (m + 2.0);
  return select(select(t, -t, x < 0.0), x, isNan(x));
}
fn derivative(x: f32, y: f32, parameter: f32) -> f32 {
  return 1.0 - y * y;
}
