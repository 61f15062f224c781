// beta1 is the decay.
fn update(parameter: Element, gradient: Element, first: ptr<function, Element>, second: ptr<function, Element>) -> Element {
  let g = gradient + step.weightDecay * parameter;
  *second = step.beta1 * *second + step.oneMinusBeta1 * g * g;
  return parameter - step.learningRate * g / (sqrt(*second) + step.epsilon);
}
