// Copies numbers to half precision for a matrix product. Where SCALED is set, the copy is of gradients, which may be smaller than any half: they are multiplied
// by a power of two, chosen from the largest magnitude of the step before, and the product undoes it.
enable f16;
#include flat

alias Element = ELEMENT;
struct Params {
  count: u32, // of Elements
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<Element>;
@group(0) @binding(2) var<storage, read_write> halves: array<HALVES>;
#if SCALED
#include step
// Bits of the largest magnitude of this step, the next one (0) and the one before, in turn; then of what undoes the factor.
@group(0) @binding(3) var<storage, read_write> range: array<atomic<u32>, 4>;

// The largest magnitude comes to lie between 2^7 and 2^8: gradients may grow 256-fold in a step, and those 2^22 times smaller are still told apart.
fn factorFor(largest: u32) -> f32 {
  let exponent = i32(largest >> 23u) - 127;
  // 2^10 before anything is known, and after steps without a finite gradient
  return exp2(f32(select(clamp(7 - exponent, -14, 40), 10, largest == 0u || largest >= 0x7f800000u)));
}
#endif

const mostHalf = 65504.0;

// Too large becomes the largest there is; what is not finite stays so.
fn bounded(value: Element) -> Element {
  let bits = bitcast<BITS>(value) & BITS(0x7fffffffu);
  return select(value, clamp(value, Element(-mostHalf), Element(mostHalf)), bits < BITS(0x7f800000u));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.count) {
    return;
  }
  var value = source[i];
#if SCALED
  let factor = factorFor(atomicLoad(&range[(step.step + 2u) % 3u]));
#if VECTOR
  let sizes = bitcast<vec4u>(value) & vec4u(0x7fffffffu);
  let largest = max(max(sizes.x, sizes.y), max(sizes.z, sizes.w));
#else
  let largest = bitcast<u32>(value) & 0x7fffffffu;
#endif
  // Few threads find more than is there already.
  if (largest > atomicLoad(&range[step.step % 3u])) {
    atomicMax(&range[step.step % 3u], largest);
  }
  if (i == 0u) {
    atomicStore(&range[(step.step + 1u) % 3u], 0u);
    atomicStore(&range[3], bitcast<u32>(1.0 / factor));
  }
  value *= factor;
#endif
  halves[i] = HALVES(bounded(value));
}
