// Layer normalisation over the features of [rows, features]. The STAGE defines choose which of the kernels this is.
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

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
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
  let row = id.x;
  if (row >= params.rows) { return; }
  let first = row * params.features;
#if FORWARD
  var sum = 0.0;
  for (var i = 0u; i < params.features; i += 1u) { sum += x[first + i]; }
  let guess = sum / n;
  var rest = 0.0; // what the deviations sum to mends the mean's rounding
  var squares = 0.0;
  for (var i = 0u; i < params.features; i += 1u) {
    let d = x[first + i] - guess;
    rest += d;
    squares += d * d;
  }
  let shift = rest / n;
  let center = guess + shift;
  let factor = 1.0 / sqrt(max(squares - rest * shift, 0.0) / n + params.eps);
  for (var i = 0u; i < params.features; i += 1u) {
    y[first + i] = ((x[first + i] - guess) - shift) * factor * weight[i] + bias[i];
  }
  mean[row] = center;
  inverse[row] = factor;
#else
  // dx = inverse · (g − mean(g) − x̂ · mean(g · x̂)), g = dy · weight
  var sum = 0.0;
  var product = 0.0;
  for (var i = 0u; i < params.features; i += 1u) {
    let g = dy[first + i] * weight[i];
    sum += g;
    product += g * (x[first + i] - mean[row]) * inverse[row];
  }
  for (var i = 0u; i < params.features; i += 1u) {
    let normalized = (x[first + i] - mean[row]) * inverse[row];
    dx[first + i] = inverse[row] * (dy[first + i] * weight[i] - (sum + normalized * product) / n);
  }
#endif
#endif
}
