// Whether all numbers of a value are finite, by their bits: the compiler may take it that they are. Where the first infinite one stands and the first
// that is no number, and how many there are of each; the place is written before as if there were none.
#include flat

struct Params {
  count: u32, // of words
  at: u32, // in fours of words
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<u32>;
@group(0) @binding(2) var<storage, read_write> found: array<atomic<u32>>;

fn look(i: u32, magnitude: u32, infinite: u32) {
  if (magnitude < infinite) {
    return;
  }
  let kind = select(0u, 1u, magnitude > infinite);
  atomicMin(&found[4u * params.at + kind], i);
  atomicAdd(&found[4u * params.at + 2u + kind], 1u);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= params.count) {
    return;
  }
  let bits = values[i];
#if HALVES
  look(2u * i, bits & 0x7fffu, 0x7c00u);
  look(2u * i + 1u, (bits >> 16u) & 0x7fffu, 0x7c00u);
#else
  look(i, bits & 0x7fffffffu, 0x7f800000u);
#endif
}
