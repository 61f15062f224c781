// Sums of squares of numbers of any magnitude, in one of three units, so that neither 1e-30 nor 1e30 is lost when it is squared.
#include bits
const smallUnit = 0u; // 2⁻⁹⁰: where the largest number is below 2⁻⁴⁰
const plainUnit = 1u;
const largeUnit = 2u; // 2⁹⁰: where it is 2⁴⁰ or more

// For numbers of which this is the largest magnitude.
fn unitOf(largest: u32) -> u32 {
  return select(select(plainUnit, smallUnit, largest < 0x2b800000u), largeUnit, largest >= 0x53800000u);
}

// A finite number in a unit. An adapter may take a subnormal float that it loads for zero: its bits are a whole number.
fn inUnit(bits: u32, unit: u32) -> f32 {
  let magnitude = magnitudeOf(bits);
  var x = bitcast<f32>(magnitude);
  if (unit == smallUnit) {
    x = select(x * 0x1p90f, f32(magnitude) * 0x1p-59f, magnitude < 0x00800000u);
  } else if (unit == largeUnit) {
    x *= 0x1p-90f;
  }
  return select(x, -x, bits > 0x7fffffffu);
}

// What a number in one unit is in another, which is no smaller.
fn changed(x: f32, before: u32, after: u32) -> f32 {
  var y = x;
  for (var unit = before; unit < after; unit++) {
    y *= 0x1p-90f;
  }
  return y;
}

struct Squares {
  unit: u32,
  sum: f32,
}

fn together(a: Squares, b: Squares) -> Squares {
  let unit = max(a.unit, b.unit);
  let sum = changed(changed(a.sum, a.unit, unit), a.unit, unit) + changed(changed(b.sum, b.unit, unit), b.unit, unit);
  return Squares(unit, sum);
}

// Of a parameter tensor; floats as their bits.
struct ParameterSums {
  gradient: Squares,
  weight: Squares,
  beforeUpdate: Squares,
  update: Squares,
  zeroGradients: u32,
  nanGradients: u32,
  infiniteGradients: u32,
  zeroWeights: u32,
  nanWeights: u32,
  infiniteWeights: u32,
  largestWeight: u32,     // magnitude
  lostUpdates: u32,       // elements of which no update can be told, before or after not being finite
}

// Its elements are dealt to `lanes` threads, as one deals cards.
struct ParameterPlace {
  weight: u32,            // first element, in the buffer of each
  gradient: u32,
  beforeUpdate: u32,
  count: u32,
  firstLane: u32,
  lanes: u32,
}
