// Each lane's part of the norm of what arrives through a branch; its numbers are dealt to lanes as one deals cards. y the branch.
#include norm
@group(0) @binding(1) var<storage, read> paths: array<vec4u>;             // first number in the buffer, how many, first lane, lanes
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read_write> lanes: array<vec4f>;       // scale, squares, NaN, infinite

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let path = paths[id.y];
  if (id.x >= path.w) {
    return;
  }
  var norm = Norm(0.0, 0.0, 0u, 0u);
  for (var i = id.x; i < path.y; i += path.w) {
    norm = withNumber(norm, source[path.x + i]);
  }
  lanes[path.z + id.x] = vec4f(norm.scale, norm.squares, f32(norm.nan), f32(norm.infinite));
}
