fn update(parameter: Element, gradient: Element, weightDecay: f32, first: ptr<function, Element>, second: ptr<function, Element>) -> Element {
  let g = gradient + weightDecay * parameter;
  *first = step.beta1 * *first + step.oneMinusBeta1 * g;
  *second = step.beta2 * *second + step.oneMinusBeta2 * g * g;
  return parameter - (step.learningRate / step.correction1) * *first / (sqrt(*second) / step.correction2 + step.epsilon);
}
