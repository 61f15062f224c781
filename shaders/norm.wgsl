// Euclidean norms in one pass, as a largest magnitude and a sum of squares in its units, so that neither 1e-30 nor 1e30 is lost
// (scaled sums of squares: Blue, A Portable Fortran Program to Find the Euclidean Norm of a Vector, 1978). Subnormal numbers count as the
// smallest normal one.
struct Norm {
  scale: f32,
  squares: f32,
  nan: u32,       // how many numbers were NaN or infinite: they count for nothing
  infinite: u32,
}

const smallestNormal = 1.1754943508222875e-38;
const largestNumber = 3.4028234663852886e38;

fn withNumber(norm: Norm, bits: u32) -> Norm {
  let magnitude = bits & 0x7fffffffu;
  var next = norm;
  if (magnitude > 0x7f800000u) {
    next.nan++;
  } else if (magnitude == 0x7f800000u) {
    next.infinite++;
  } else if (magnitude > 0u) {
    next = withSquares(norm, max(bitcast<f32>(magnitude), smallestNormal), 1.0);
  }
  return next;
}

// Adds `squares` squares of `scale`.
fn withSquares(norm: Norm, scale: f32, squares: f32) -> Norm {
  var next = norm;
  if (scale > norm.scale) {
    let share = shareOf(norm.scale, scale);
    next.squares = squares + norm.squares * share * share;
    next.scale = scale;
  } else if (scale > 0.0) {
    let share = shareOf(scale, norm.scale);
    next.squares += squares * share * share;
  }
  return next;
}

// part / whole ≤ 1. The reciprocal of a whole beyond 2¹²⁶ is subnormal, and zero on some adapters.
fn shareOf(part: f32, whole: f32) -> f32 {
  let down = select(1.0, 0x1p-4f, whole > 0x1p100f);
  return (part * down) / (whole * down);
}

// NaN where a number was NaN, else infinite where one was. What is finite stays so: a norm beyond float32 is its largest number.
fn bitsOf(norm: Norm) -> u32 {
  let root = sqrt(norm.squares);
  let isWithin = root <= 1.0 || norm.scale <= largestNumber / max(root, 1.0);
  let length = select(largestNumber, norm.scale * root, isWithin);
  return select(select(bitcast<u32>(length), 0x7f800000u, norm.infinite > 0u), 0x7fc00000u, norm.nan > 0u);
}
