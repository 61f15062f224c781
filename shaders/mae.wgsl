fn elementLoss(prediction: f32, expected: f32) -> f32 {
  return abs(prediction - expected);
}

// The difference itself where it is 0 or NaN.
fn elementGradient(prediction: f32, expected: f32) -> f32 {
  let difference = prediction - expected;
  return select(select(difference, -1.0, difference < 0.0), 1.0, difference > 0.0);
}

fn elementRight(prediction: f32, expected: f32) -> bool {
  return false;
}
