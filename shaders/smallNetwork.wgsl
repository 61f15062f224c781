// A network that one workgroup trains alone, many steps a dispatch. Every lane takes samples in turn and keeps all parameters and the sums of
// their gradients in registers; then the lanes' sums meet and the parameters are updated. What stands in capitals is straight-line text that
// src/graph/straight-line.ts writes from the training graph. Several workgroups train as many networks side by side, a row of the ring each.
//
// The lanes meet in workgroup memory, at two barriers a step, and share the update; or, where the workgroup is one subgroup (SUBGROUPS), in
// subgroupAdd, and each does the whole update in its registers, without a barrier.
//
// A software adapter runs what stands in an `if` or a loop at least once, with all lanes masked. What is rare therefore stands outside the
// loop of the steps, even where that writes the sample's pass out a second time: the look at what the last step computes.
#if SUBGROUPS
enable subgroups;
#endif
#include step
#include sampleOrder
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
#include math
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

fn normOfAll() -> f32 {
  var sum = squares[0];
  for (var lane = 1u; lane < lanes; lane++) {
    sum += squares[lane];
  }
  return sqrt(sum);
}
#endif

// Where parameter i lies in the arena.
fn placeOf(i: u32) -> u32 {
  PLACES
}

fn rowOf(turn: u32, group: vec3u, groups: vec3u) -> u32 {
  return firstStep.row + turn * groups.x + group.x;
}

fn sampleOf(position: u32) -> u32 {
#if SHUFFLE
  return sampleAt(position, ORDER_BITS);
#else
  return position;
#endif
}

// A norm that float32 cannot hold would scale every gradient to 0, and training would stand still: not a number says so.
fn clipScale(norm: f32) -> f32 {
  let scale = min(1.0, step.clipNorm / (norm + 1e-6));
  let none = bitcast<f32>(bitcast<u32>(norm) | 0x7fc00000u);
  return select(1.0, select(scale, none, norm > 3.4028234663852886e38), step.clipNorm > 0.0);
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

  // All steps but the last; then a look at the last, and that step.
  var turn = 0u;
  for (var part = 0u; part < 2u; part++) {
    let end = firstStep.steps - 1u + part;
    for (var sample = select(batch, lane, part == 1u && ring[rowOf(end - 1u, group, groups)].step.observe == 1u); sample < batch; sample += lanes) {
      step = ring[rowOf(end - 1u, group, groups)].step;
      // Rows from batchCount on are padding: they are looked at, but count 0.
      let real = select(0.0, 1.0, sample < step.batchCount);
      let share = real / (f32(step.batchCount) * f32(columns));
      let at = sampleOf(min(step.batchStart + sample, step.sampleCount - 1u));
#if SUBGROUPS
#else
      READ_PARAMETERS
#endif
      LOOK
    }

    for (; turn < end; turn++) {
      step = ring[rowOf(turn, group, groups)].step;
      let share = 1.0 / (f32(step.batchCount) * f32(columns));
      var loss = 0.0;
      var right = 0.0;
#if SUBGROUPS
      CLEAR
      for (var sample = lane; sample < step.batchCount; sample += lanes) {
        let at = sampleOf(step.batchStart + sample);
        SAMPLE
      }
      ADD_UP
      loss = subgroupAdd(loss);
      right = subgroupAdd(right);
      var squared = 0.0;
      SQUARE
      let norm = sqrt(squared);
      let scale = clipScale(norm);
      UPDATE
#else
      READ_PARAMETERS
      ZERO
      for (var sample = lane; sample < step.batchCount; sample += lanes) {
        let at = sampleOf(step.batchStart + sample);
        SAMPLE
      }
      let firstPartial = lane * partialStride;
      KEEP
      partials[firstPartial + count] = loss;
      partials[firstPartial + count + 1u] = right;
      workgroupBarrier();
      var scale = 1.0;
      if (ring[rowOf(turn, group, groups)].step.clipNorm > 0.0) {
        var squared = 0.0;
        for (var i = lane; i < count; i += lanes) {
          squared += sumOverLanes(i) * sumOverLanes(i);
        }
        squares[lane] = squared;
        workgroupBarrier();
        scale = clipScale(normOfAll());
        workgroupBarrier();
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
        parameters[i] = update(parameters[i], scale * gradient, DECAY, &first, &second);
#if FIRST
        firstMoments[i] = first;
#endif
#if SECOND
        secondMoments[i] = second;
#endif
      }
      squares[lane] = squared;
      loss = sumOverLanes(count);
      right = sumOverLanes(count + 1u);
      workgroupBarrier();
      let norm = normOfAll();
#endif
      if (lane == 0u) {
        results[step.slot] = vec4f(loss, right, norm, f32(step.batchCount));
      }
    }
  }

#if SUBGROUPS
  if (lane == 0u) {
    WRITE
  }
  if (lane == 0u && step.observe == 1u) {
    SHOW_GRADIENTS
  }
  workgroupBarrier();
#else
  if (step.observe == 1u) {
    for (var i = lane; i < count; i += lanes) {
      gradients[placeOf(i)] = sumOverLanes(i);
    }
  }
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
