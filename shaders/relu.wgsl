// select, not max: a NaN must come through.
fn activate(x: f32, parameter: f32) -> f32 {
  return select(x, 0.0, x <= 0.0);
}
fn derivative(x: f32, y: f32, parameter: f32) -> f32 {
  return select(1.0, 0.0, y <= 0.0);
}
