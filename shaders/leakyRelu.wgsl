// parameter: slope below 0. For a slope ≥ 0 the output has the input's sign, so that x may be y.
fn activate(x: f32, parameter: f32) -> f32 {
  return select(x, parameter * x, x <= 0.0);
}
fn derivative(x: f32, y: f32, parameter: f32) -> f32 {
  return select(1.0, parameter, x <= 0.0);
}
