// x · Φ(x), exact
#include math
fn activate(x: f32, parameter: f32) -> f32 {
  return x * normalCumulative(x);
}
fn derivative(x: f32, y: f32, parameter: f32) -> f32 {
  return normalCumulative(x) + x * 0.3989422804014327 * exponential(-0.5 * x * x);
}
