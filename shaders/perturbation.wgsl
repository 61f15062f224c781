#include step
#include philox

// In ± step.perturbation; element is the parameter's place in the arena.
fn perturbation(element: u32) -> f32 {
  let words = philox(vec4u(element, step.step, perturbationStream, 0u), vec2u(step.seedLow, step.seedHigh));
  return step.perturbation * (2.0 * uniformOf(words.x) - 1.0);
}
