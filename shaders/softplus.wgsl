// log(1 + eˣ) without overflow; its derivative, the logistic of x, is 1 − e^(−y).
#include math
fn activate(x: f32, parameter: f32) -> f32 {
  return select(x, 0.0, x <= 0.0) + logarithmOnePlus(exponential(-abs(x)));
}
fn derivative(x: f32, y: f32, parameter: f32) -> f32 {
  return -exponentialMinusOne(-y);
}
