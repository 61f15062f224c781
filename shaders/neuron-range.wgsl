// Largest finite magnitude of every column of neurons, for activations and for ∂L/∂activations, and over all columns.
// One workgroup for everything: it is a few thousand numbers.
@group(0) @binding(1) var<storage, read> firsts: array<u32>;          // first neuron of each column, and the end of the last
@group(0) @binding(2) var<storage, read> values: array<u32>;          // all activations, then all ∂L/∂activations
@group(0) @binding(3) var<storage, read_write> scales: array<f32>;    // a column each, then all; twice

const threads = 256u;
var<workgroup> largest: atomic<u32>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) local: u32) {
  let columns = arrayLength(&firsts) - 1u;
  let neurons = firsts[columns];
  for (var kind = 0u; kind < 2u; kind++) {
    var all = 0u;
    for (var column = 0u; column < columns; column++) {
      if (local == 0u) {
        atomicStore(&largest, 0u);
      }
      workgroupBarrier();
      for (var i = firsts[column] + local; i < firsts[column + 1u]; i += threads) {
        let magnitude = values[kind * neurons + i] & 0x7fffffffu;
        if (magnitude < 0x7f800000u) {
          atomicMax(&largest, magnitude);
        }
      }
      workgroupBarrier();
      if (local == 0u) {
        let found = atomicLoad(&largest);
        scales[kind * (columns + 1u) + column] = bitcast<f32>(found);
        all = max(all, found);
      }
      workgroupBarrier();
    }
    if (local == 0u) {
      scales[kind * (columns + 1u) + columns] = bitcast<f32>(all);
    }
  }
}
