#include math

// On probabilities. PyTorch clamps the logarithms at −100 and the divisor of the gradient at 1e-12.
fn clampedLogarithm(x: f32) -> f32 {
  return select(select(logarithm(x), -100.0, x <= 0.0), x, isNan(x));
}

fn elementLoss(prediction: f32, expected: f32) -> f32 {
  let miss = select(logarithmOnePlus(-prediction), -100.0, prediction >= 1.0);
  return -(expected * clampedLogarithm(prediction) + (1.0 - expected) * miss);
}

fn elementGradient(prediction: f32, expected: f32) -> f32 {
  let divisor = prediction * (1.0 - prediction);
  return (prediction - expected) / select(divisor, 1e-12, divisor < 1e-12);
}

fn elementRight(prediction: f32, expected: f32) -> bool {
  return (prediction >= 0.5) == (expected >= 0.5);
}
