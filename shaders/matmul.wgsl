// C[b] = epilogue(op(A[b]) · op(B[b])), C [m, n] row-major; op transposes where TRANSPOSE_A, TRANSPOSE_B are set.
// A thread owns 4 rows and 4 columns in registers. Reads past an edge are clamped into the matrix, their results never stored.
struct Params { m: u32, n: u32, k: u32, slope: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> c: array<f32>;
#if BIAS
@group(0) @binding(4) var<storage, read> bias: array<f32>;  // [n]
#endif
#if DERIVATIVE
@group(0) @binding(4) var<storage, read> saved: array<f32>; // [m, n], the activation's output: C is multiplied by its derivative there
#endif
#include ACTIVATION

fn a_at(base: u32, row: u32, k: u32) -> f32 {
#if TRANSPOSE_A
  return a[base + k * params.m + row];
#else
  return a[base + row * params.k + k];
#endif
}

fn b_at(base: u32, k: u32, column: vec4u) -> vec4f {
#if TRANSPOSE_B
  let at = base + column * params.k + k;
#else
  let at = base + k * params.n + column;
#endif
  return vec4f(b[at.x], b[at.y], b[at.z], b[at.w]);
}

fn store(base: u32, row: u32, column: u32, sum: f32) {
  if (row >= params.m || column >= params.n) { return; }
  let at = base + row * params.n + column;
#if BIAS
  let value = sum + bias[column];
#else
  let value = sum;
#endif
#if DERIVATIVE
  c[at] = value * derivative(saved[at], saved[at], params.slope);
#else
  c[at] = activate(value, params.slope);
#endif
}

fn store_row(base: u32, row: u32, column: u32, sum: vec4f) {
  store(base, row, column, sum.x);
  store(base, row, column + 1u, sum.y);
  store(base, row, column + 2u, sum.z);
  store(base, row, column + 3u, sum.w);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x * 4u;
  let row = id.y * 4u;
  if (row >= params.m || column >= params.n) { return; }
  let a_base = id.z * params.m * params.k;
  let b_base = id.z * params.k * params.n;
  let columns = min(vec4u(column, column + 1u, column + 2u, column + 3u), vec4u(params.n - 1u));
  let rows = min(vec4u(row, row + 1u, row + 2u, row + 3u), vec4u(params.m - 1u));
  var c0 = vec4f();
  var c1 = vec4f();
  var c2 = vec4f();
  var c3 = vec4f();
  var k = 0u;
  // Four k a turn: on software adapters a variable costs a masked read-modify-write per turn.
  let whole = params.k & ~3u;
  for (; k < whole; k += 4u) {
    let b0 = b_at(b_base, k, columns);
    let b1 = b_at(b_base, k + 1u, columns);
    let b2 = b_at(b_base, k + 2u, columns);
    let b3 = b_at(b_base, k + 3u, columns);
    c0 = c0 + a_at(a_base, rows.x, k) * b0 + a_at(a_base, rows.x, k + 1u) * b1 + a_at(a_base, rows.x, k + 2u) * b2 + a_at(a_base, rows.x, k + 3u) * b3;
    c1 = c1 + a_at(a_base, rows.y, k) * b0 + a_at(a_base, rows.y, k + 1u) * b1 + a_at(a_base, rows.y, k + 2u) * b2 + a_at(a_base, rows.y, k + 3u) * b3;
    c2 = c2 + a_at(a_base, rows.z, k) * b0 + a_at(a_base, rows.z, k + 1u) * b1 + a_at(a_base, rows.z, k + 2u) * b2 + a_at(a_base, rows.z, k + 3u) * b3;
    c3 = c3 + a_at(a_base, rows.w, k) * b0 + a_at(a_base, rows.w, k + 1u) * b1 + a_at(a_base, rows.w, k + 2u) * b2 + a_at(a_base, rows.w, k + 3u) * b3;
  }
  for (; k < params.k; k += 1u) {
    let b0 = b_at(b_base, k, columns);
    c0 = c0 + a_at(a_base, rows.x, k) * b0;
    c1 = c1 + a_at(a_base, rows.y, k) * b0;
    c2 = c2 + a_at(a_base, rows.z, k) * b0;
    c3 = c3 + a_at(a_base, rows.w, k) * b0;
  }
  let c_base = id.z * params.m * params.n;
  store_row(c_base, row, column, c0);
  store_row(c_base, row + 1u, column, c1);
  store_row(c_base, row + 2u, column, c2);
  store_row(c_base, row + 3u, column, c3);
}
