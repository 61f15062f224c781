// Each lane's moments, extremes and counts of what layers put out, of gradients likewise. A thread a lane, y the tensor.
#include healthSite
@group(0) @binding(1) var<storage, read> sites: array<Site>;
@group(0) @binding(2) var<storage, read> batch: Batch;
@group(0) @binding(3) var<storage, read> source: array<u32>;
@group(0) @binding(4) var<storage, read_write> lanes: array<Moments>;

const five = 0x40a00000u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let site = sites[id.y];
  if (id.x >= site.lanes) {
    return;
  }
  let end = batch.samples * site.perSample;
  var own = noMoments();
  // About one of the numbers, so that the squares of a mean far from zero do not swallow the deviations.
  var shift = 0.0;
  var sum = 0.0;
  var squares = 0.0;
  for (var i = id.x; i < end; i += site.lanes) {
    let bits = source[site.first + i];
    let magnitude = magnitudeOf(bits);
    if (magnitude < 0x7f800000u) {
      let order = orderOf(bits);
      own.low = min(own.low, order);
      own.high = max(own.high, order);
      own.zeros += u32(magnitude == 0u);
      own.outside += u32(order < site.inactiveLow || order > site.inactiveHigh);
      own.saturated += u32(order < site.responsiveLow || order > site.responsiveHigh);
      own.beyond += u32(magnitude > five);
      let x = bitcast<f32>(select(0u, bits, magnitude < 0x53800000u));
      shift = select(shift, x, own.count == 0u);
      own.count++;
      let difference = x - shift;
      sum += difference;
      squares += difference * difference;
    } else if (magnitude > 0x7f800000u) {
      own.nan++;
    } else {
      own.infinite++;
    }
  }
  let largest = u32(max(abs(own.low), abs(own.high)));
  own.unit = select(smallUnit, unitOf(largest), own.count > 0u);
  if (own.unit != plainUnit && own.count > 0u && largest > 0u) {
    var isFirst = true;
    sum = 0.0;
    squares = 0.0;
    for (var i = id.x; i < end; i += site.lanes) {
      let bits = source[site.first + i];
      if (isFinite(bits)) {
        let x = inUnit(bits, own.unit);
        shift = select(shift, x, isFirst);
        isFirst = false;
        let difference = x - shift;
        sum += difference;
        squares += difference * difference;
      }
    }
  }
  let mean = sum / max(1.0, f32(own.count));
  own.mean = shift + mean;
  own.squares = max(0.0, squares - sum * mean);
  lanes[site.firstLane + id.x] = own;
}
