// The norm of all gradients in two stages of fixed order: partial sums of squares, then the norm and the scale that clips it. Squares leave
// float32 from 1.8e19 on, and a norm that is infinite would scale every gradient to 0: gradients are also summed in units of 2⁹⁶.
const unit = 1.262177448353619e-29; // 2⁻⁹⁶
const largest = 3.4028234663852886e38;
const smallest = 1e-30;
struct Params { count: u32, partials: u32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<uniform> params: Params;
#if FINISH
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read_write> norm: array<vec4f>; // norm, and the two factors that clip
#include step

@compute @workgroup_size(1)
fn main() {
  var sum = 0.0;
  var inUnits = 0.0;
  for (var i = 0u; i < params.partials; i += 1u) {
    sum += partials[i];
    inUnits += partials[params.partials + i];
  }
  let isLarge = sum > largest;
  let value = select(sqrt(sum), sqrt(inUnits) / unit, isLarge);
  let scale = select(step.clipNorm / (value + 1e-6), step.clipNorm / sqrt(inUnits) * unit, isLarge);
  // A factor below float32's normal numbers may be taken for 0: such a one comes in two.
  let factors = select(vec2f(min(1.0, scale), 1.0), vec2f(step.clipNorm / sqrt(inUnits), unit), isLarge && scale < smallest);
  norm[0] = vec4f(value, select(vec2f(1.0), factors, step.clipNorm > 0.0), 0.0);
}
#else
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.partials) { return; }
  var sum = vec4f();
  var inUnits = vec4f();
  for (var i = id.x; i < params.count; i += params.partials) {
    sum += gradient[i] * gradient[i];
    inUnits += (gradient[i] * unit) * (gradient[i] * unit);
  }
  partials[id.x] = sum.x + sum.y + sum.z + sum.w;
  partials[params.partials + id.x] = inUnits.x + inUnits.y + inUnits.z + inUnits.w;
}
#endif
