#include math
fn activate(x: f32, parameter: f32) -> f32 {
  return x * logistic(x);
}
fn derivative(x: f32, y: f32, parameter: f32) -> f32 {
  let s = logistic(x);
  return s * (1.0 + x * (1.0 - s));
}
