// What one training step is told: written by the host before the submit, one row a step, never compiled in.
struct Step {
  step: u32,            // this step's number, from 1
  batchStart: u32,      // position of the batch's first sample in the epoch's order; of this part of it, where a step has several
  batchCount: u32,      // samples in this batch; rows from here on are padding
  seedLow: u32,
  seedHigh: u32,
  slot: u32,            // row of the results ring
  shuffle: u32,         // 1: keyed permutation, 0: in order, wrapping
  learningRate: f32,
  weightDecay: f32,
  momentum: f32,        // sgd
  beta1: f32,           // adam, adamw; rmsprop's decay
  beta2: f32,
  oneMinusBeta1: f32,   // in float64 before rounding: 1 − 0.999 in f32 is off by 5e-5
  oneMinusBeta2: f32,
  epsilon: f32,
  correction1: f32,     // 1 − beta1^step
  correction2: f32,     // sqrt(1 − beta2^step)
  clipNorm: f32,        // 0: no clipping
  perturbation: f32,    // uniform in ± this, added to every weight after the update
  training: u32,        // 0: evaluation
  sampleCount: u32,     // samples in the part of the data that is gathered
  row: u32,             // where this row lies in the ring, in rows
  steps: u32,           // rows from here on that one dispatch may take, where a dispatch takes more than one
  observe: u32,         // 1: what this step computes will be looked at
  meanOver: u32,        // samples that the loss is the mean of: batchCount, or those of all parts of the step
  part: u32,            // which batch of the step this is, from 0
  parts: u32,           // batches of the step, whose gradients add up
  order0: u32,          // what the epoch's order is drawn by, where it is shuffled
  order1: u32,
  order2: u32,
  order3: u32,
  orderBlock: u32,      // each block of so many samples is shuffled by itself, one after the other; 0: all together
}
#if RING
// A dispatch of many steps reads its first row here and takes the others from the ring itself, one after another.
@group(1) @binding(0) var<uniform> firstStep: Step;
var<private> step: Step;
#else
@group(1) @binding(0) var<uniform> step: Step;
#endif
