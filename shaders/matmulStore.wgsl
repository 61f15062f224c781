// What becomes of a matrix product's sum: C = activate(sum + bias), or C = sum · derivative(saved). Binds from 3: C [M, N]; where KEEP is set, one that
// takes it as it was before the activation or derivative; bias [N] or saved [M, N]. WIDTH_C numbers are stored at a time.
#if WIDTH_C == 4
@group(0) @binding(3) var<storage, read_write> c: array<vec4f, $(BATCH * M * N / 4)>;
#if KEEP
@group(0) @binding(4) var<storage, read_write> kept: array<vec4f, $(BATCH * M * N / 4)>;
#endif
#if BIAS
@group(0) @binding($(4 + KEEP)) var<storage, read> bias: array<vec4f, $(N / 4)>;
#endif
#if DERIVATIVE
@group(0) @binding($(4 + KEEP)) var<storage, read> saved: array<vec4f, $(BATCH * M * N / 4)>;
#endif
#else
@group(0) @binding(3) var<storage, read_write> c: array<f32, $(BATCH * M * N)>;
#if KEEP
@group(0) @binding(4) var<storage, read_write> kept: array<f32, $(BATCH * M * N)>;
#endif
#if BIAS
@group(0) @binding($(4 + KEEP)) var<storage, read> bias: array<f32, $(N)>;
#endif
#if DERIVATIVE
@group(0) @binding($(4 + KEEP)) var<storage, read> saved: array<f32, $(BATCH * M * N)>;
#endif
#endif
#include ACTIVATION

#if WIDTH_C == 4
// Four columns from `column`, a multiple of four.
fn store4(batch: u32, row: u32, column: u32, sum: vec4f) {
#if GUARD
  if (row >= $(M)u || column >= $(N)u) { return; }
#endif
  let at = (batch * $(M)u + row) * $(N / 4)u + column / 4u;
#if BIAS
  let value = sum + bias[column / 4u];
#else
  let value = sum;
#endif
#if KEEP
  kept[at] = value;
#endif
#if DERIVATIVE
  let s = saved[at];
  c[at] = value * vec4f(derivative(s.x, s.x, SLOPE), derivative(s.y, s.y, SLOPE), derivative(s.z, s.z, SLOPE), derivative(s.w, s.w, SLOPE));
#else
  c[at] = vec4f(activate(value.x, SLOPE), activate(value.y, SLOPE), activate(value.z, SLOPE), activate(value.w, SLOPE));
#endif
}
#else
fn store1(batch: u32, row: u32, column: u32, sum: f32) {
#if GUARD
  if (row >= $(M)u || column >= $(N)u) { return; }
#endif
  let at = (batch * $(M)u + row) * $(N)u + column;
#if BIAS
  let value = sum + bias[column];
#else
  let value = sum;
#endif
#if KEEP
  kept[at] = value;
#endif
#if DERIVATIVE
  c[at] = value * derivative(saved[at], saved[at], SLOPE);
#else
  c[at] = activate(value, SLOPE);
#endif
}

fn store4(batch: u32, row: u32, column: u32, sum: vec4f) {
  store1(batch, row, column, sum.x);
  store1(batch, row, column + 1u, sum.y);
  store1(batch, row, column + 2u, sum.z);
  store1(batch, row, column + 3u, sum.w);
}
#endif
