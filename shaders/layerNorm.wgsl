// Layer normalisation over the features of [rows, features]. The STAGE defines choose which of the kernels this is. STRIPS threads share a row, a workgroup each where
// they are more than one.
struct Params { rows: u32, features: u32, eps: f32, pad0: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
#if FORWARD
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
@group(0) @binding(5) var<storage, read_write> mean: array<f32>;
@group(0) @binding(6) var<storage, read_write> inverse: array<f32>;
#else
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> mean: array<f32>;
@group(0) @binding(4) var<storage, read> inverse: array<f32>;
#if GRADIENTS
@group(0) @binding(5) var<storage, read_write> dWeight: array<f32>;
@group(0) @binding(6) var<storage, read_write> dBias: array<f32>;
#else
@group(0) @binding(5) var<storage, read> weight: array<f32>;
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;
#endif
#endif

#if STRIPS > 1
var<workgroup> parts: array<vec2f, STRIPS>;
#endif
// The sum of what a row's threads have, for each of them.
fn joined(strip: u32, own: vec2f) -> vec2f {
#if STRIPS > 1
  parts[strip] = own;
  workgroupBarrier();
  var sum = vec2f();
  for (var i = 0u; i < u32(STRIPS); i += 1u) { sum += parts[i]; }
  workgroupBarrier();
  return sum;
#else
  return own;
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let n = f32(params.features);
#if GRADIENTS
  let feature = id.x;
  if (feature >= params.features) { return; }
  var weightSum = 0.0;
  var biasSum = 0.0;
  for (var row = 0u; row < params.rows; row += 1u) {
    let j = row * params.features + feature;
    weightSum += dy[j] * (x[j] - mean[row]) * inverse[row];
    biasSum += dy[j];
  }
  dWeight[feature] = weightSum;
  dBias[feature] = biasSum;
#else
#if STRIPS > 1
  let row = group.x;
  let strip = thread;
#else
  let row = id.x;
  let strip = 0u;
  if (row >= params.rows) { return; }
#endif
  let step = u32(STRIPS);
  let first = row * params.features;
#if FORWARD
  var sum = 0.0;
  for (var i = strip; i < params.features; i += step) { sum += x[first + i]; }
  let guess = joined(strip, vec2f(sum, 0.0)).x / n;
  var rest = 0.0; // what the deviations sum to mends the mean's rounding
  var squares = 0.0;
  for (var i = strip; i < params.features; i += step) {
    let d = x[first + i] - guess;
    rest += d;
    squares += d * d;
  }
  let sums = joined(strip, vec2f(rest, squares));
  let shift = sums.x / n;
  let center = guess + shift;
  let factor = 1.0 / sqrt(max(sums.y - sums.x * shift, 0.0) / n + params.eps);
  for (var i = strip; i < params.features; i += step) {
    y[first + i] = ((x[first + i] - guess) - shift) * factor * weight[i] + bias[i];
  }
  if (strip == 0u) {
    mean[row] = center;
    inverse[row] = factor;
  }
#else
  // dx = inverse · (g − mean(g) − x̂ · mean(g · x̂)), g = dy · weight
  var sum = 0.0;
  var product = 0.0;
  for (var i = strip; i < params.features; i += step) {
    let g = dy[first + i] * weight[i];
    sum += g;
    product += g * (x[first + i] - mean[row]) * inverse[row];
  }
  let sums = joined(strip, vec2f(sum, product));
  for (var i = strip; i < params.features; i += step) {
    let normalized = (x[first + i] - mean[row]) * inverse[row];
    dx[first + i] = inverse[row] * (dy[first + i] * weight[i] - (sums.x + normalized * sums.y) / n);
  }
#endif
#endif
}
