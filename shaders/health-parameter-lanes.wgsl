// Each lane's part of the norms of every parameter tensor, of its gradient and of what the step's update changed, and counts of what is zero
// or not finite. A thread a lane, y the tensor.
#include health
@group(0) @binding(1) var<storage, read> places: array<ParameterPlace>;
@group(0) @binding(2) var<storage, read> weights: array<u32>;
@group(0) @binding(3) var<storage, read> gradients: array<u32>;
@group(0) @binding(4) var<storage, read> beforeUpdates: array<u32>;
@group(0) @binding(5) var<storage, read_write> lanes: array<ParameterSums>;

const ofWeight = 0u;
const ofGradient = 1u;
const ofBefore = 2u;
const ofUpdate = 3u;

fn numberOf(what: u32, place: ParameterPlace, i: u32) -> u32 {
  switch (what) {
    case ofWeight: {
      return weights[place.weight + i];
    }
    case ofGradient: {
      return gradients[place.gradient + i];
    }
    case ofBefore: {
      return beforeUpdates[place.beforeUpdate + i];
    }
    default: {
      return updateOf(weights[place.weight + i], beforeUpdates[place.beforeUpdate + i]);
    }
  }
}

// Bits of NaN where there is none to tell.
fn updateOf(after: u32, before: u32) -> u32 {
  if (!isFinite(after) || !isFinite(before)) {
    return 0x7fc00000u;
  }
  return bitcast<u32>(bitcast<f32>(after) - bitcast<f32>(before));
}

// The sum as it was made in the plain unit, or where the numbers are too small or too large for that, made again.
fn squaresOf(what: u32, place: ParameterPlace, lane: u32, largest: u32, plain: f32) -> Squares {
  let unit = unitOf(largest);
  if (unit == plainUnit) {
    return Squares(unit, plain);
  }
  var sum = 0.0;
  if (largest > 0u) {
    for (var i = lane; i < place.count; i += place.lanes) {
      let bits = numberOf(what, place, i);
      if (isFinite(bits)) {
        let x = inUnit(bits, unit);
        sum += x * x;
      }
    }
  }
  return Squares(unit, sum);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let place = places[id.y];
  if (id.x >= place.lanes) {
    return;
  }
  var sums: ParameterSums;
  var squares = vec4f();
  var largest = vec4u();
  for (var i = id.x; i < place.count; i += place.lanes) {
    let bits = vec4u(weights[place.weight + i], gradients[place.gradient + i], beforeUpdates[place.beforeUpdate + i], 0u);
    let numbers = vec4u(bits.xyz, updateOf(bits.x, bits.z));
    let magnitude = numbers & vec4u(0x7fffffffu);
    let isNumber = magnitude < vec4u(0x7f800000u);
    let finite = select(vec4u(), magnitude, isNumber);
    largest = max(largest, finite);
    // Magnitudes at which a square leaves float32 come to naught here: their sum is made again.
    let x = bitcast<vec4f>(select(vec4u(), finite, finite < vec4u(0x53800000u)));
    squares += x * x;
    sums.zeroWeights += u32(magnitude.x == 0u);
    sums.zeroGradients += u32(magnitude.y == 0u);
    if (!all(isNumber)) {
      sums.nanWeights += u32(magnitude.x > 0x7f800000u);
      sums.infiniteWeights += u32(magnitude.x == 0x7f800000u);
      sums.nanGradients += u32(magnitude.y > 0x7f800000u);
      sums.infiniteGradients += u32(magnitude.y == 0x7f800000u);
      sums.lostUpdates += u32(!isNumber.w);
    }
  }
  sums.largestWeight = largest.x;
  sums.weight = squaresOf(ofWeight, place, id.x, largest.x, squares.x);
  sums.gradient = squaresOf(ofGradient, place, id.x, largest.y, squares.y);
  sums.beforeUpdate = squaresOf(ofBefore, place, id.x, largest.z, squares.z);
  sums.update = squaresOf(ofUpdate, place, id.x, largest.w, squares.w);
  lanes[place.firstLane + id.x] = sums;
}
