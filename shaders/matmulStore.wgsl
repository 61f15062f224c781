// What becomes of a matrix product's sum: C = activate(normalize(sum + bias)), or C = sum · derivative(saved). Binds from 3: C [M, N], or [M, GROUPS, N] where there are several groups; where KEEP is set, one that
// takes its first rows, all or as many as kept as they were before the activation or derivative; where SCALED is set, the range of a half-precision operand; bias [N] or saved [M, N]; where NORMALIZE is set, running mean, running variance, weight and bias [N]. WIDTH_C numbers are stored at a time. Where FINISH is set, a thread first
// stores its sums and then finishes them in a loop: an activation that is written out for hundreds of sums takes seconds to compile.
#if WIDTH_C == 4
@group(0) @binding(3) var<storage, read_write> c: array<vec4f EXTENT_C>;
#if KEEP
@group(0) @binding(4) var<storage, read_write> kept: array<vec4f EXTENT_KEPT>;
#endif
#if BIAS
@group(0) @binding($(4 + KEEP + SCALED)) var<storage, read> bias: array<vec4f EXTENT_ROW>;
#endif
#if DERIVATIVE
@group(0) @binding($(4 + KEEP + SCALED)) var<storage, read> saved: array<vec4f EXTENT_C>;
#endif
#else
@group(0) @binding(3) var<storage, read_write> c: array<f32 EXTENT_C>;
#if KEEP
@group(0) @binding(4) var<storage, read_write> kept: array<f32 EXTENT_KEPT>;
#endif
#if BIAS
@group(0) @binding($(4 + KEEP + SCALED)) var<storage, read> bias: array<f32 EXTENT_ROW>;
#endif
#if DERIVATIVE
@group(0) @binding($(4 + KEEP + SCALED)) var<storage, read> saved: array<f32 EXTENT_C>;
#endif
#endif
#if SCALED
@group(0) @binding($(4 + KEEP)) var<storage, read> range: array<u32, 4>;
#endif
#if NORMALIZE
@group(0) @binding($(4 + KEEP + SCALED + BIAS)) var<storage, read> runningMean: array<Stored EXTENT_ROW>;
@group(0) @binding($(5 + KEEP + SCALED + BIAS)) var<storage, read> runningVariance: array<Stored EXTENT_ROW>;
@group(0) @binding($(6 + KEEP + SCALED + BIAS)) var<storage, read> normWeight: array<Stored EXTENT_ROW>;
@group(0) @binding($(7 + KEEP + SCALED + BIAS)) var<storage, read> normBias: array<Stored EXTENT_ROW>;
#endif
#include ACTIVATION

#if WIDTH_C == 4
alias Stored = vec4f;
fn finished(at: u32, value: vec4f) -> vec4f {
#if DERIVATIVE
  let s = saved[at];
  return value * vec4f(derivative(s.x, s.x, SLOPE), derivative(s.y, s.y, SLOPE), derivative(s.z, s.z, SLOPE), derivative(s.w, s.w, SLOPE));
#else
  return vec4f(activate(value.x, SLOPE), activate(value.y, SLOPE), activate(value.z, SLOPE), activate(value.w, SLOPE));
#endif
}
#else
alias Stored = f32;
fn finished(at: u32, value: f32) -> f32 {
#if DERIVATIVE
  return value * derivative(saved[at], saved[at], SLOPE);
#else
  return activate(value, SLOPE);
#endif
}
#endif

fn outside(row: u32, column: u32) -> bool {
#if GUARD
  return row >= sizes.m || column >= sizes.n;
#else
  return false;
#endif
}

fn placeOf(batch: u32, row: u32, column: u32) -> u32 {
#if GROUPS > 1
  return (row * $(GROUPS)u * sizes.n + batch * sizes.n + column) / $(WIDTH_C)u;
#else
  return ((batch * sizes.m + row) * sizes.n + column) / $(WIDTH_C)u;
#endif
}

// WIDTH_C columns from `column`, a multiple of WIDTH_C.
fn store(batch: u32, row: u32, column: u32, scaledSum: Stored) {
  if (outside(row, column)) { return; }
  let at = placeOf(batch, row, column);
#if SCALED
  let sum = scaledSum * bitcast<f32>(range[3]);
#else
  let sum = scaledSum;
#endif
#if GROUPS > 1
  let own = (batch * sizes.n + column) / $(WIDTH_C)u;
#else
  let own = column / $(WIDTH_C)u;
#endif
#if BIAS
  let biased = sum + bias[own];
#else
  let biased = sum;
#endif
#if NORMALIZE
  let value = (biased - runningMean[own]) * (normWeight[own] / sqrt(runningVariance[own] + EPS)) + normBias[own];
#else
  let value = biased;
#endif
#if KEEP
#if KEPT_SOME
  if (row < sizes.kept) { kept[at] = value; }
#else
  kept[at] = value;
#endif
#endif
#if FINISH
#if KEEP && !KEPT_SOME
#else
  c[at] = value;
#endif
#else
  c[at] = finished(at, value);
#endif
}

#if FINISH
fn finish(batch: u32, row: u32, column: u32) {
  if (outside(row, column)) { return; }
  let at = placeOf(batch, row, column);
#if KEEP && !KEPT_SOME
  c[at] = finished(at, kept[at]);
#else
  c[at] = finished(at, c[at]);
#endif
}
#endif

fn store4(batch: u32, row: u32, column: u32, sum: vec4f) {
#if WIDTH_C == 4
  store(batch, row, column, sum);
#else
  store(batch, row, column, sum.x);
  store(batch, row, column + 1u, sum.y);
  store(batch, row, column + 2u, sum.z);
  store(batch, row, column + 3u, sum.w);
#endif
}
