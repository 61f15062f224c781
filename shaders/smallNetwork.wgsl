// A network that one workgroup trains alone, many steps a dispatch. Every lane takes samples in turn and keeps all parameters and the sums of
// their gradients in registers; then the lanes' sums meet and the parameters are updated. What stands in capitals is straight-line text that
// src/graph/straight-line.ts writes from the training graph. Several workgroups train as many networks side by side, a row of the ring each.
//
// The lanes meet in workgroup memory, at two barriers a step, and share the update; or, where the workgroup is one subgroup (SUBGROUPS), in
// subgroupAdd, and each does the whole update in its registers, without a barrier.
//
// A software adapter runs through an `if` whose condition no lane fulfils; it does leave a loop. Hence the loops of at most one turn.
#if SUBGROUPS
enable subgroups;
#endif
#include step
#include sampleOrder
#include perturbation
#include ACTIVATIONS named
alias Element = f32;
#include OPTIMIZER

struct Row {
  @size(256) step: Step,
}
@group(0) @binding(1) var<storage, read> ring: array<Row>;
@group(0) @binding(2) var<storage, read> samples: array<SOURCE>;
@group(0) @binding(3) var<storage, read> targets: array<u32>; // class indices, or numbers
@group(0) @binding(4) var<storage, read_write> state: array<f32>; // parameters, then each moment; a network behind the other
@group(0) @binding(5) var<storage, read_write> gradients: array<f32>; // of the parameters, where they are looked at
@group(0) @binding(6) var<storage, read_write> observed: array<f32>; // outputs of the layers and their gradients, where they are looked at
@group(0) @binding(7) var<storage, read_write> results: array<vec4f>; // by step.slot: loss, correct, gradient norm, count
#if SCALED
@group(0) @binding(8) var<storage, read> scaling: array<f32>; // means, then 1 / deviation
#endif
#include sampleValue

const lanes = LANES;
const count = COUNT; // of parameters
const batch = BATCH; // rows of a full batch
const columns = COLUMNS; // of the network's output
const features = FEATURES;
const scalingWidth = SCALING_WIDTH;
const momentStride = MOMENT_STRIDE; // of the arena: floats of all parameters, padding included
const stateStride = STATE_STRIDE; // floats of one network in state

#if SOFTMAX
var<private> logits: array<f32, COLUMNS>;
var<private> logitGradients: array<f32, COLUMNS>;
fn logit(i: u32) -> f32 {
  return logits[i];
}
fn kept(i: u32) -> f32 {
  return logitGradients[i];
}
fn keep(i: u32, value: f32) {
  logitGradients[i] = value;
}
#include crossEntropyRow
#else
#include LOSS
#endif

var<workgroup> parameters: array<f32, COUNT>;
#if FIRST
var<workgroup> firstMoments: array<f32, COUNT>;
#endif
#if SECOND
var<workgroup> secondMoments: array<f32, COUNT>;
#endif
#if SUBGROUPS
#else
const partialStride = PARTIAL_STRIDE; // odd, so that neither lanes nor parameters meet in one bank
var<workgroup> partials: array<f32, PARTIALS>; // a lane's sums: each parameter's gradient, the loss, the right rows
var<workgroup> squares: array<f32, LANES>; // of the gradients that a lane has added up

fn sumOverLanes(i: u32) -> f32 {
  var sum = partials[i];
  for (var lane = 1u; lane < lanes; lane++) {
    sum += partials[lane * partialStride + i];
  }
  return sum;
}

fn sumOfSquares() -> f32 {
  var sum = squares[0];
  for (var lane = 1u; lane < lanes; lane++) {
    sum += squares[lane];
  }
  return sum;
}
#endif

// Where parameter i lies in the arena.
fn placeOf(i: u32) -> u32 {
  PLACES
}

fn clipScale(norm: f32) -> f32 {
  return select(1.0, min(1.0, step.clipNorm / (norm + 1e-6)), step.clipNorm > 0.0);
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  for (var i = lane; i < count; i += lanes) {
    let place = group.x * stateStride + placeOf(i);
    parameters[i] = state[place];
#if FIRST
    firstMoments[i] = state[place + momentStride];
#endif
#if SECOND
    secondMoments[i] = state[place + SECOND * momentStride];
#endif
  }
  workgroupBarrier();
  var noMoment = 0.0;
#if SUBGROUPS
  READ_ALL
#endif

  for (var turn = 0u; turn < firstStep.steps; turn++) {
    let row = firstStep.row + turn * groups.x + group.x;
    let observing = ring[row].step.observe == 1u;
    step = ring[row].step;
    let perElement = 1.0 / (f32(step.batchCount) * f32(columns));
#if SUBGROUPS
#else
    READ_PARAMETERS
#endif
    ZERO
    var loss = 0.0;
    var right = 0.0;
    let rows = select(step.batchCount, batch, observing);
    for (var sample = lane; sample < rows; sample += lanes) {
#if PADDED
      // Rows from batchCount on are padding: looked at, but they count 0.
      let real = select(0.0, 1.0, sample < step.batchCount);
#else
      let real = 1.0;
#endif
      let share = real * perElement;
#if SHUFFLE
      let at = sampleAt(min(step.batchStart + sample, step.sampleCount - 1u), HALF_BITS);
#else
      let at = min(step.batchStart + sample, step.sampleCount - 1u);
#endif
      SAMPLE
      for (var once = select(1u, 0u, observing); once < 1u; once++) {
        OBSERVE
      }
    }

#if SUBGROUPS
    ADD_UP
    loss = subgroupAdd(loss);
    right = subgroupAdd(right);
    for (var once = select(1u, 0u, observing && lane == 0u); once < 1u; once++) {
      SHOW_GRADIENTS
    }
    var squared = 0.0;
    SQUARE
    let norm = sqrt(squared);
    let scale = clipScale(norm);
    UPDATE
    for (var once = select(1u, 0u, ring[row].step.perturbation > 0.0); once < 1u; once++) {
      if (lane == 0u) {
        WRITE
      }
      workgroupBarrier();
      for (var i = lane; i < count; i += lanes) {
        parameters[i] += perturbation(placeOf(i));
      }
      workgroupBarrier();
      READ_AGAIN
      workgroupBarrier();
    }
    for (var once = lane; once < 1u; once++) {
      results[step.slot] = vec4f(loss, right, norm, f32(step.batchCount));
    }
#else
    let firstPartial = lane * partialStride;
    KEEP
    partials[firstPartial + count] = loss;
    partials[firstPartial + count + 1u] = right;
    workgroupBarrier();
    var scale = 1.0;
    for (var once = select(1u, 0u, ring[row].step.clipNorm > 0.0); once < 1u; once++) {
      var squared = 0.0;
      for (var i = lane; i < count; i += lanes) {
        let gradient = sumOverLanes(i);
        squared += gradient * gradient;
      }
      squares[lane] = squared;
      workgroupBarrier();
      scale = clipScale(sqrt(sumOfSquares()));
      workgroupBarrier();
    }
    for (var i = select(count, lane, observing); i < count; i += lanes) {
      gradients[placeOf(i)] = sumOverLanes(i);
    }
    var squared = 0.0;
    for (var i = lane; i < count; i += lanes) {
      let gradient = sumOverLanes(i);
      squared += gradient * gradient;
#if FIRST
      var first = firstMoments[i];
#else
      var first = noMoment;
#endif
#if SECOND
      var second = secondMoments[i];
#else
      var second = noMoment;
#endif
      parameters[i] = update(parameters[i], scale * gradient, &first, &second);
#if FIRST
      firstMoments[i] = first;
#endif
#if SECOND
      secondMoments[i] = second;
#endif
    }
    for (var i = select(count, lane, step.perturbation > 0.0); i < count; i += lanes) {
      parameters[i] += perturbation(placeOf(i));
    }
    squares[lane] = squared;
    for (var once = lane; once < 1u; once++) {
      loss = sumOverLanes(count);
      right = sumOverLanes(count + 1u);
    }
    workgroupBarrier();
    for (var once = lane; once < 1u; once++) {
      results[step.slot] = vec4f(loss, right, sqrt(sumOfSquares()), f32(step.batchCount));
    }
#endif
  }

#if SUBGROUPS
  if (lane == 0u) {
    WRITE
  }
  workgroupBarrier();
#endif
  for (var i = lane; i < count; i += lanes) {
    let place = group.x * stateStride + placeOf(i);
    state[place] = parameters[i];
#if FIRST
    state[place + momentStride] = firstMoments[i];
#endif
#if SECOND
    state[place + SECOND * momentStride] = secondMoments[i];
#endif
  }
}
