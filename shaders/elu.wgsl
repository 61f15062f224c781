// parameter: α
#include math
fn activate(x: f32, parameter: f32) -> f32 {
  return select(x, parameter * exponentialMinusOne(min(x, 0.0)), x <= 0.0);
}
fn derivative(x: f32, y: f32, parameter: f32) -> f32 {
  return select(1.0, parameter * exponential(min(x, 0.0)), x <= 0.0);
}
