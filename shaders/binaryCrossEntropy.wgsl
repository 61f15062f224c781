// From the logit z, of which the output is the sigmoid: −t·log σ(z) − (1 − t)·log(1 − σ(z)). In f32 σ(z) itself is 1 from z = 17 on, which
// leaves nothing of 1 − σ(z); from z both keep their digits. PyTorch clamps the logarithms at −100; the gradient goes on beyond.
#include math

const largestLoss = 100.0;
// PyTorch's, so that the gradient of a probability that is as good as 0 or 1 is finite.
const smallestDivisor = 1e-12;

fn clampedLoss(x: f32) -> f32 {
  return select(x, largestLoss, x > largestLoss);
}

fn elementLoss(logit: f32, expected: f32) -> f32 {
  let rest = logarithmOnePlus(exponential(-abs(logit)));
  let ifOne = clampedLoss(rest + select(-logit, 0.0, logit >= 0.0)); // −log σ(z)
  let ifZero = clampedLoss(rest + select(logit, 0.0, logit <= 0.0)); // −log(1 − σ(z))
  return select(expected * ifOne + (1.0 - expected) * ifZero, logit, isNan(logit));
}

// ∂loss/∂logit = σ(z) − t
fn elementGradient(logit: f32, expected: f32) -> f32 {
  let e = exponential(-abs(logit));
  let one = select(1.0, e, logit < 0.0);
  let zero = select(e, 1.0, logit < 0.0);
  return ((1.0 - expected) * one - expected * zero) / (1.0 + e);
}

// ∂loss/∂probability, for those who look at the output
fn elementOutputGradient(logit: f32, expected: f32) -> f32 {
  let e = exponential(-abs(logit));
  let divisor = e / ((1.0 + e) * (1.0 + e)); // σ(z)·(1 − σ(z))
  return elementGradient(logit, expected) / select(divisor, smallestDivisor, divisor < smallestDivisor);
}

fn elementRight(logit: f32, expected: f32) -> bool {
  return (logit >= 0.0) == (expected >= 0.5);
}
