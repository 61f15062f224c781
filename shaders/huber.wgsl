// delta 1
fn elementLoss(prediction: f32, expected: f32) -> f32 {
  let difference = prediction - expected;
  return select(0.5 * difference * difference, abs(difference) - 0.5, abs(difference) >= 1.0);
}

// The difference itself where it is small or NaN.
fn elementGradient(prediction: f32, expected: f32) -> f32 {
  let difference = prediction - expected;
  return select(select(difference, -1.0, difference <= -1.0), 1.0, difference >= 1.0);
}

fn elementRight(prediction: f32, expected: f32) -> bool {
  return false;
}
