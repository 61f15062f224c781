// c = a + b, or c += a.
#include flat

alias Element = ELEMENT;
struct Params {
  count: u32, // of Elements
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<Element>;
#if ACCUMULATE
@group(0) @binding(2) var<storage, read_write> c: array<Element>;
#else
@group(0) @binding(2) var<storage, read> b: array<Element>;
@group(0) @binding(3) var<storage, read_write> c: array<Element>;
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.count) {
    return;
  }
#if ACCUMULATE
  c[i] += a[i];
#else
  c[i] = a[i] + b[i];
#endif
}
