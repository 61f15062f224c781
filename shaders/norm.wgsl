// Euclidean norms in one pass, as a largest magnitude and a sum of squares in its units, so that neither 1e-30 nor 1e30 is lost
// (scaled sums of squares: Blue, A Portable Fortran Program to Find the Euclidean Norm of a Vector, 1978).
struct Norm {
  scale: f32,
  squares: f32,
  nonFinite: u32,  // how many numbers were NaN or infinite: they count for nothing
}

const smallestNormal = 1.1754943508222875e-38;

fn withNumber(norm: Norm, bits: u32) -> Norm {
  let magnitude = bits & 0x7fffffffu;
  var next = norm;
  if (magnitude >= 0x7f800000u) {
    next.nonFinite++;
  } else if (magnitude > 0u) {
    next = withSquares(norm, max(bitcast<f32>(magnitude), smallestNormal), 1.0);
  }
  return next;
}

// Adds `squares` squares of `scale`.
fn withSquares(norm: Norm, scale: f32, squares: f32) -> Norm {
  var next = norm;
  if (scale > norm.scale) {
    let share = norm.scale / scale;
    next.squares = squares + norm.squares * share * share;
    next.scale = scale;
  } else if (scale > 0.0) {
    let share = scale / norm.scale;
    next.squares += squares * share * share;
  }
  return next;
}

// NaN where a number was not finite.
fn bitsOf(norm: Norm) -> u32 {
  return select(bitcast<u32>(norm.scale * sqrt(norm.squares)), 0x7fc00000u, norm.nonFinite > 0u);
}
