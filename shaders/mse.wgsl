fn elementLoss(prediction: f32, expected: f32) -> f32 {
  let difference = prediction - expected;
  return difference * difference;
}

fn elementGradient(prediction: f32, expected: f32) -> f32 {
  return 2.0 * (prediction - expected);
}

fn elementRight(prediction: f32, expected: f32) -> bool {
  return false;
}
