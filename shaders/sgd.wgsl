// The first moment is the momentum buffer, zeros at first.
fn update(parameter: Element, gradient: Element, weightDecay: f32, first: ptr<function, Element>, second: ptr<function, Element>) -> Element {
  let g = gradient + weightDecay * parameter;
#if FIRST
  let velocity = step.momentum * *first + g;
  *first = velocity;
#if NESTEROV
  return parameter - step.learningRate * (g + step.momentum * velocity);
#else
  return parameter - step.learningRate * velocity;
#endif
#else
  return parameter - step.learningRate * g;
#endif
}
