// Neighbours hand each other a number, with and without the two barriers that this needs.
struct Params { turns: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
var<workgroup> handed: array<f32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) thread: u32) {
  var value = f32(thread);
  for (var turn = 0u; turn < params.turns; turn += 1u) {
    handed[thread] = value;
#if BARRIER
    workgroupBarrier();
    value += handed[(thread + 1u) % WORKGROUP] * 0.5;
    workgroupBarrier();
#else
    value += handed[thread] * 0.5;
#endif
    value = value * 0.5 + 1.0;
  }
  result[thread] = value;
}
