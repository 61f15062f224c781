// y = activate(x), or dx = dy · derivative(x or y), element by element. The activation's own file gives both functions.
struct Params { elements: u32, parameter: f32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> saved: array<ELEMENT>; // forward: x; backward: x or y, whichever the derivative needs
#if BACKWARD
@group(0) @binding(2) var<storage, read> dy: array<ELEMENT>;
@group(0) @binding(3) var<storage, read_write> dx: array<ELEMENT>;
#else
@group(0) @binding(2) var<storage, read_write> y: array<ELEMENT>;
#endif
#include flat
#include ACTIVATION

fn one(x: f32) -> f32 {
#if BACKWARD
  return derivative(x, x, params.parameter);
#else
  return activate(x, params.parameter);
#endif
}

fn each(x: ELEMENT) -> ELEMENT {
#if VECTOR
  return vec4f(one(x.x), one(x.y), one(x.z), one(x.w));
#else
  return one(x);
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.elements) { return; }
#if BACKWARD
  dx[i] = dy[i] * each(saved[i]);
#else
  y[i] = each(saved[i]);
#endif
}
