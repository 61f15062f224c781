// The dot product of two vectors in two stages of fixed order, and what a later kernel multiplies by: shaders/combine.wgsl reads the first two
// numbers of a coefficient as its factors, the host reads the third.
struct Params { count: u32, partials: u32, at: u32, step: u32 }
@group(0) @binding(0) var<uniform> params: Params;
#if FINISH
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read_write> coefficients: array<vec4f>;

@compute @workgroup_size(1)
fn main() {
  var sum = 0.0;
  for (var i = 0u; i < params.partials; i += 1u) {
    sum += partials[i];
  }
#if PROJECT
  coefficients[params.at] = vec4f(1.0, -sum, sum, 0.0); // x − (x·y) y
#else
  let root = sqrt(sum);
  let inverse = select(0.0, 1.0 / root, root > 0.0);
#if MOVE
  // of a direction of any length: steps of a given length both ways, and what turns the difference of two gradients into a derivative along it
  let length = coefficients[params.step].x;
  coefficients[params.at] = vec4f(1.0, length * inverse, root, 0.0);
  coefficients[params.at + 1u] = vec4f(1.0, -length * inverse, root, 0.0);
  coefficients[params.at + 2u] = vec4f(0.5 * root / length, -0.5 * root / length, root, 0.0);
#else
  coefficients[params.at] = vec4f(inverse, 0.0, root, 0.0); // x / |x|
#endif
#endif
}
#else
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> y: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.partials) { return; }
  var sum = vec4f();
  for (var i = id.x; i < params.count; i += params.partials) {
    sum += x[i] * y[i];
  }
  partials[id.x] = sum.x + sum.y + sum.z + sum.w;
}
#endif
