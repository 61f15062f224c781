// The second moment is the sum of squares.
#include secondMoment

fn update(parameter: Element, gradient: Element, weightDecay: f32, first: ptr<function, Element>, second: ptr<function, Element>) -> Element {
  let g = gradient + weightDecay * parameter;
  let unit = unitOf(g, *second);
  let scaled = g * unit;
  let moment = unpacked(*second, unit) + scaled * scaled;
  *second = packed(moment, unit);
  return parameter - step.learningRate * g / (rootOf(moment, unit) + step.epsilon);
}
