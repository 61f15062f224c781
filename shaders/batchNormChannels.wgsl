// What the kernels of batch normalisation share: images or rows as [positions, channels], a channel a thread, or four where they divide by four.
alias Element = ELEMENT;
struct Params { positions: u32, width: u32, inner: u32, eps: f32, momentum: f32, parameter: f32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<uniform> params: Params; // width: channels in Elements; inner: positions of a sample
#include flat
#include step

// Positions that count: those of the batch's true rows.
fn trueCount() -> u32 {
  return step.batchCount * params.inner;
}
