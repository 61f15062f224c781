// Range of the magnitudes of every column of neurons, and of all columns together: of activations and of ∂L/∂activations.
// One workgroup for everything: it is a few thousand numbers of each column at most.
@group(0) @binding(1) var<storage, read> table: array<vec4u>;         // of each column: first value, how many, every how many are measured
@group(0) @binding(2) var<storage, read> values: array<u32>;          // all activations, then all ∂L/∂activations
@group(0) @binding(3) var<storage, read_write> scales: array<vec2f>;  // largest and a low percentile, neither zero nor non-finite; a column each, then all; twice; then likewise how many are NaN, and infinite

@group(0) @binding(4) var<storage, read_write> scratch: array<atomic<u32>>;  // histogram, sums of its parts, largest, NaN, infinite: in storage, since a software adapter compiles a store for every number of workgroup memory

override lowPermille: u32 = 50u;
const threads = 256u;
// Eight to an octave: the percentile is right to an eighth.
const mantissaBits = 3u;
const binShift = 23u - mantissaBits;
const bins = 2048u;
const binsPerThread = bins / threads;
const partial = bins;
const largest = partial + threads;
const nan = largest + 1u;
const infinite = largest + 2u;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) local: u32) {
  let columns = arrayLength(&table);
  let neurons = table[columns - 1u].x + table[columns - 1u].y;
  for (var kind = 0u; kind < 2u; kind++) {
    for (var column = 0u; column <= columns; column++) {
      let isAll = column == columns;
      let firstMeasured = select(column, 0u, isAll);
      let endMeasured = select(column + 1u, columns, isAll);
      for (var i = local; i < infinite + 1u; i += threads) {
        atomicStore(&scratch[i], 0u);
      }
      storageBarrier();
      for (var measured = firstMeasured; measured < endMeasured; measured++) {
        let entry = table[measured];
        let end = entry.x + entry.y;
        for (var i = entry.x + local * entry.z; i < end; i += threads * entry.z) {
          let magnitude = values[kind * neurons + i] & 0x7fffffffu;
          if (magnitude > 0u && magnitude < 0x7f800000u) {
            atomicMax(&scratch[largest], magnitude);
            atomicAdd(&scratch[magnitude >> binShift], 1u);
          } else if (magnitude > 0x7f800000u) {
            atomicAdd(&scratch[nan], 1u);
          } else if (magnitude == 0x7f800000u) {
            atomicAdd(&scratch[infinite], 1u);
          }
        }
      }
      storageBarrier();
      var sum = 0u;
      for (var k = 0u; k < binsPerThread; k++) {
        sum += atomicLoad(&scratch[local * binsPerThread + k]);
      }
      atomicStore(&scratch[partial + local], sum);
      storageBarrier();
      if (local == 0u) {
        let place = kind * (columns + 1u) + column;
        scales[place] = vec2f(bitcast<f32>(atomicLoad(&scratch[largest])), low());
        scales[2u * (columns + 1u) + place] = vec2f(f32(atomicLoad(&scratch[nan])), f32(atomicLoad(&scratch[infinite])));
      }
      storageBarrier();
    }
  }
}

// Lower end of the bin in which the percentile lies; 0 where there is nothing to measure.
fn low() -> f32 {
  var count = 0u;
  for (var i = 0u; i < threads; i++) {
    count += atomicLoad(&scratch[partial + i]);
  }
  if (count == 0u) {
    return 0.0;
  }
  var before = (count - 1u) * lowPermille / 1000u;
  var part = 0u;
  while (before >= atomicLoad(&scratch[partial + part])) {
    before -= atomicLoad(&scratch[partial + part]);
    part++;
  }
  var bin = part * binsPerThread;
  while (before >= atomicLoad(&scratch[bin])) {
    before -= atomicLoad(&scratch[bin]);
    bin++;
  }
  return bitcast<f32>(max(bin << binShift, 0x00800000u));
}
