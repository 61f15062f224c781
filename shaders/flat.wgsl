// The thread's place in a flat range that flatWorkgroups folded into two dimensions.
fn flatIndex(id: vec3u) -> u32 {
  return id.x + id.y * (65535u * u32(WORKGROUP));
}
