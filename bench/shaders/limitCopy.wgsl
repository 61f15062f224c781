// Reads and writes every element once: the bandwidth of storage buffers.
@group(0) @binding(1) var<storage, read> source: array<ELEMENT>;
@group(0) @binding(2) var<storage, read_write> copied: array<ELEMENT>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let base = (group.y * groups.x + group.x) * EACHGROUP + thread;
  COPIED // copied[base] = source[base]; …
}
