// c = activate(a + b), or c = (a + b) · derivative(saved), or c += a. KEEP also stores the first KEPT sums before the activation or derivative.
#include flat
#include ACTIVATION

alias Element = ELEMENT;
struct Params {
  count: u32, // of Elements
  parameter: f32, // the activation's
  kept: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<Element>;
#if ACCUMULATE
@group(0) @binding(2) var<storage, read_write> c: array<Element>;
#else
@group(0) @binding(2) var<storage, read> b: array<Element>;
@group(0) @binding(3) var<storage, read_write> c: array<Element>;
#if KEEP
@group(0) @binding(4) var<storage, read_write> kept: array<Element>;
#endif
#if DERIVATIVE
@group(0) @binding($(4 + KEEP)) var<storage, read> saved: array<Element>;
#endif
#endif

fn one(x: f32) -> f32 {
#if DERIVATIVE
  return derivative(x, x, params.parameter);
#else
  return activate(x, params.parameter);
#endif
}

fn each(x: Element) -> Element {
#if VECTOR
  return vec4f(one(x.x), one(x.y), one(x.z), one(x.w));
#else
  return one(x);
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.count) {
    return;
  }
#if ACCUMULATE
  c[i] += a[i];
#else
  let sum = a[i] + b[i];
#if KEEP
  if (i < params.kept) {
    kept[i] = sum;
  }
#endif
#if DERIVATIVE
  c[i] = sum * each(saved[i]);
#else
  c[i] = each(sum);
#endif
#endif
}
