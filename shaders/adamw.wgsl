fn update(parameter: Element, gradient: Element, weightDecay: f32, first: ptr<function, Element>, second: ptr<function, Element>) -> Element {
  let decayed = parameter - step.learningRate * weightDecay * parameter;
  *first = step.beta1 * *first + step.oneMinusBeta1 * gradient;
  *second = step.beta2 * *second + step.oneMinusBeta2 * gradient * gradient;
  return decayed - (step.learningRate / step.correction1) * *first / (sqrt(*second) / step.correction2 + step.epsilon);
}
