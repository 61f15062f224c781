// Which sample stands at a position of the epoch's order.
#include step
#include philox

// A keyed permutation of [0, n): a balanced Feistel network on 2 · bits bits whose round function is Philox; a result beyond n is permuted
// again until it falls inside (cycle walking: Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
fn permute(index: u32, n: u32, bits: u32) -> u32 {
  let mask = (1u << bits) - 1u;
  var value = index;
  loop {
    var left = value >> bits;
    var right = value & mask;
    for (var i = 0u; i < 4u; i += 1u) {
      let word = philox(vec4u(right, step.epoch, 3u, i), vec2u(step.seedLow, step.seedHigh)).x;
      let next = (left ^ word) & mask;
      left = right;
      right = next;
    }
    value = (left << bits) | right;
    if (value < n) { break; }
  }
  return value;
}

fn sampleAt(position: u32, bits: u32) -> u32 {
  if (step.shuffle == 0u) { return position % step.sampleCount; }
  return permute(position, step.sampleCount, bits);
}
