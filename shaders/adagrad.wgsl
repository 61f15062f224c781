// The second moment is the sum of squares.
fn update(parameter: Element, gradient: Element, first: ptr<function, Element>, second: ptr<function, Element>) -> Element {
  let g = gradient + step.weightDecay * parameter;
  *second += g * g;
  return parameter - step.learningRate * g / (sqrt(*second) + step.epsilon);
}
