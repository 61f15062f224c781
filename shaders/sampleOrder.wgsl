// Which sample stands at a position of the epoch's order.
#include step

fn mixed(value: u32, key: u32, bits: u32) -> u32 {
  let product = ((value + key) * ((key >> 16u) | 1u)) & (0xffffffffu >> (32u - bits));
  return product ^ (product >> ((bits + 1u) >> 1u));
}

// A keyed permutation of [0, n), where index lies, as src/kernels/reference/permutation.ts tells: rounds within 2^bits, walked until one falls below n.
fn permute(index: u32, n: u32, bits: u32) -> u32 {
  var value = index;
  loop {
    value = mixed(mixed(mixed(mixed(value, step.order0, bits), step.order1, bits), step.order2, bits), step.order3, bits);
    if (value < n) { break; }
  }
  return value;
}

fn sampleAt(position: u32, bits: u32) -> u32 {
  let index = position % step.sampleCount;
  if (step.shuffle == 0u) { return index; }
  return permute(index, step.sampleCount, bits);
}

// The same where the samples may be shuffled in blocks.
fn sampleInBlocksAt(position: u32, bits: u32) -> u32 {
  if (step.shuffle == 0u || step.orderBlock == 0u) { return sampleAt(position, bits); }
  let index = position % step.sampleCount;
  let first = index - index % step.orderBlock;
  let count = min(step.orderBlock, step.sampleCount - first);
  return first + permute(index - first, count, max(1u, 32u - countLeadingZeros(count - 1u)));
}
