// A tensor of a batch to be described, `[samples, positions, neurons]`, or of numbers alike. Lane l takes the elements l, l + lanes, …: as
// `lanes` is a multiple of `neurons`, those of neuron l % neurons.
#include health
struct Site {
  first: u32,             // element of the buffer
  perSample: u32,
  neurons: u32,
  lanes: u32,
  firstLane: u32,
  firstNeuron: u32,       // in `watched`
  firstPart: u32,
  isWatched: u32,         // whether its neurons are watched over several batches
  inactiveLow: i32,       // as orderOf: on this side of the activation nothing comes out
  inactiveHigh: i32,
  responsiveLow: i32,     // beyond these it is saturated
  responsiveHigh: i32,
}

struct Batch {
  samples: u32,
  needed: u32,            // samples for which a neuron must have been silent to be dead
}

// Of a neuron, samples in a row.
struct Watched {
  inactive: u32,
  constant: u32,          // of batches in which it did not vary
  saturated: u32,
  last: i32,              // its lowest output in the batch before: what a batch of one sample is to differ from
}

// Of finite numbers; the counts of the others beside them.
struct Moments {
  count: u32,
  unit: u32,
  mean: f32,
  squares: f32,           // sum of (x − mean)²
  low: i32,               // extremes as orderOf, the high below the low where there are none
  high: i32,
  zeros: u32,
  nan: u32,
  infinite: u32,
  outside: u32,           // of the inactive side
  saturated: u32,
  beyond: u32,            // above 5 or below −5
}

fn noMoments() -> Moments {
  return Moments(0u, 0u, 0.0, 0.0, 0x7fffffff, -0x7fffffff, 0u, 0u, 0u, 0u, 0u, 0u);
}

// Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
fn joined(a: Moments, b: Moments) -> Moments {
  var all = a;
  all.count = a.count + b.count;
  all.low = min(a.low, b.low);
  all.high = max(a.high, b.high);
  all.zeros += b.zeros;
  all.nan += b.nan;
  all.infinite += b.infinite;
  all.outside += b.outside;
  all.saturated += b.saturated;
  all.beyond += b.beyond;
  if (b.count == 0u) {
    return all;
  }
  if (a.count == 0u) {
    all.unit = b.unit;
    all.mean = b.mean;
    all.squares = b.squares;
    return all;
  }
  all.unit = max(a.unit, b.unit);
  let mean = changed(a.mean, a.unit, all.unit);
  let difference = changed(b.mean, b.unit, all.unit) - mean;
  let share = f32(b.count) / f32(all.count);
  all.mean = mean + difference * share;
  all.squares = together(Squares(a.unit, a.squares), Squares(b.unit, b.squares)).sum + difference * difference * share * f32(a.count);
  return all;
}
