#include math
fn activate(x: f32, parameter: f32) -> f32 {
  return logistic(x);
}
fn derivative(x: f32, y: f32, parameter: f32) -> f32 {
  return y * (1.0 - y);
}
