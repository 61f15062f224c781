// The second moment is the sum of squares.
fn update(parameter: Element, gradient: Element, weightDecay: f32, first: ptr<function, Element>, second: ptr<function, Element>) -> Element {
  let g = gradient + weightDecay * parameter;
  *second += g * g;
  return parameter - step.learningRate * g / (sqrt(*second) + step.epsilon);
}
