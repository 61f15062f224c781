// Elementary functions to about 2 units in the last place on every driver: WGSL allows its own exp, log and cos errors that
// float64 goldens see. Polynomials are weighted minimax fits, made for the reduced ranges named below.
const log2e = 1.4426950408889634;
const ln2High = 0.693359375; // few bits, so that its product with an exponent is exact
const ln2Low = -2.12194440054690583e-4;

fn isNan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

struct Reduced {
  rest: f32, // eˣ = scale · (1 + rest)
  scale: f32,
}

// For x in [−87.3, 88]. To add 1.5·2²³ rounds to a whole number, which then stands in the sum's lowest bits: round and the conversion to
// i32, which must saturate, cost a software adapter as much as all the rest. Likewise clamp, min and max, which must know NaN: select.
fn reduceExponential(x: f32) -> Reduced {
  let bits = bitcast<i32>(x * log2e + 12582912.0);
  let n = f32(bits - 0x4b400000);
  let r = (x - n * ln2High) - n * ln2Low; // |r| ≤ ln 2 / 2
  let q = 0.5 + r * (0.1666651815 + r * (0.04166620597 + r * (0.008368883282 + r * 0.001395048108)));
  return Reduced(r + r * r * q, bitcast<f32>((bits << 23u) + 0x3f800000));
}

fn withinExponents(x: f32) -> f32 {
  let low = select(x, -87.3, x < -87.3);
  return select(low, 88.0, low > 88.0);
}

// eˣ for x ≤ 88; 0 below the normal numbers.
fn exponential(x: f32) -> f32 {
  let e = reduceExponential(withinExponents(x));
  return select(select(e.scale + e.scale * e.rest, 0.0, x < -87.3), x, isNan(x));
}

// eˣ − 1 for x ≤ 88, accurate near 0.
fn exponentialMinusOne(x: f32) -> f32 {
  let e = reduceExponential(withinExponents(x));
  return select(e.scale * e.rest + (e.scale - 1.0), x, isNan(x) || x == 0.0);
}

// log(1 + f) + n·log 2 for 1 + f in [√½, √2].
fn logarithmOf(f: f32, n: f32) -> f32 {
  let s = f / (2.0 + f);
  let z = s * s;
  let rest = z * (0.6666677594 + z * (0.3997737169 + z * 0.2987672389));
  let half = 0.5 * f * f;
  return n * ln2High + (f - (half - (s * (half + rest) + n * ln2Low)));
}

// log x for normal x > 0; −∞ for 0 is the caller's.
fn logarithm(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  // so shifted, the exponent changes at √½
  let n = i32((bits + (0x3f800000u - 0x3f3504f3u)) >> 23u) - 127;
  let f = bitcast<f32>(bits - (u32(n) << 23u)) - 1.0;
  return select(logarithmOf(f, f32(n)), x, isNan(x));
}

// log(1 + x) for x > −1, accurate near 0.
fn logarithmOnePlus(x: f32) -> f32 {
  if (x > -0.29 && x < 0.41) {
    return logarithmOf(x, 0.0);
  }
  return logarithm(1.0 + x);
}

fn logistic(x: f32) -> f32 {
  let low = select(-abs(x), -87.3, abs(x) > 87.3);
  let reduced = reduceExponential(low);
  let e = reduced.scale + reduced.scale * reduced.rest;
  return select(select(1.0, e, x < 0.0) / (1.0 + e), x, isNan(x));
}

// Standard normal upper tail Q(a) = ½·erfc(a/√2) for a ≥ 0, with a small relative error far out, where 1 − erf cancels.
fn normalTail(a: f32) -> f32 {
  let t = 1.0 / (1.0 + 0.35 * a);
  let mills = t * (0.1396216601 + t * (0.1398575604 + t * (0.1198630854 + t * (0.1053921431 + t * (-0.02284342423
    + t * (0.1587965637 + t * (-0.2553910017 + t * (0.1438184083 + t * -0.02911501564))))))));
  return mills * exponential(-0.5 * a * a);
}

// Standard normal distribution function.
fn normalCumulative(x: f32) -> f32 {
  let tail = normalTail(abs(x));
  return select(1.0 - tail, tail, x < 0.0);
}

// cos(2π·turns) for turns in [0, 1].
fn cosineOfTurns(turns: f32) -> f32 {
  let quarter = round(turns * 4.0);
  let angle = (turns - quarter * 0.25) * 6.283185307179586;
  let z = angle * angle;
  let sine = angle + angle * z * (-0.1666665524 + z * (0.008332177997 + z * -0.0001951724698));
  let cosine = 1.0 - 0.5 * z + z * z * (0.04166664556 + z * (-0.001388736651 + z * 2.443839367e-05));
  switch (u32(quarter) & 3u) {
    case 1u: {
      return -sine;
    }
    case 2u: {
      return -cosine;
    }
    case 3u: {
      return sine;
    }
    default: {
      return cosine;
    }
  }
}
