#include secondMoment

fn update(parameter: Element, gradient: Element, weightDecay: f32, first: ptr<function, Element>, second: ptr<function, Element>) -> Element {
  let decayed = parameter - step.learningRate * weightDecay * parameter;
  *first = step.beta1 * *first + step.oneMinusBeta1 * gradient;
  let unit = unitOf(gradient, *second);
  let scaled = gradient * unit;
  let moment = step.beta2 * unpacked(*second, unit) + step.oneMinusBeta2 * scaled * scaled;
  *second = packed(moment, unit);
  return decayed - (step.learningRate / step.correction1) * *first / (rootOf(moment, unit) / step.correction2 + step.epsilon);
}
