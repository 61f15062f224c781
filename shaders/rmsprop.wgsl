// beta1 is the decay.
fn update(parameter: Element, gradient: Element, weightDecay: f32, first: ptr<function, Element>, second: ptr<function, Element>) -> Element {
  let g = gradient + weightDecay * parameter;
  *second = step.beta1 * *second + step.oneMinusBeta1 * g * g;
  return parameter - step.learningRate * g / (sqrt(*second) + step.epsilon);
}
