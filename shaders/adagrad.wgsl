// The second moment is the sum of squares.
#include secondMoment

fn update(parameter: Element, gradient: Element, weightDecay: f32, first: ptr<function, Element>, second: ptr<function, Element>) -> Element {
  let g = gradient + weightDecay * parameter;
  let unit = unitOf(g, *second);
  let scaled = g * unit;
  let moment = unpacked(*second, unit) + scaled * scaled;
  *second = packed(moment, unit);
  // The sum may grow beyond the square of any float32: both sides of the division are in units.
  return parameter - step.learningRate * scaled / (sqrt(moment) + step.epsilon * unit);
}
