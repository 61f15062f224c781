// Pooling over windows of SIZE × SIZE, channels last; MAX keeps which tap of its window each output is, the first of equal ones. The derivative gathers: each input
// asks the windows that it lies in.
#include flat
alias Element = ELEMENT;
alias Word = WORD;
#if BACKWARD
@group(0) @binding(1) var<storage, read> dy: array<Element>;
@group(0) @binding(2) var<storage, read_write> dx: array<Element>;
#if MAX
@group(0) @binding(3) var<storage, read> taps: array<Word>;
#endif
#else
@group(0) @binding(1) var<storage, read> x: array<Element>;
@group(0) @binding(2) var<storage, read_write> y: array<Element>;
#if MAX
@group(0) @binding(3) var<storage, read_write> taps: array<Word>;
#endif
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = flatIndex(id);
  if (i >= COUNT) {
    return;
  }
  let channel = i % CHANNELS;
#if BACKWARD
  let right = i32(i / CHANNELS % WIDTH) + PADDING;
  let down = i32(i / (CHANNELS * WIDTH) % HEIGHT) + PADDING;
  let image = i / (CHANNELS * WIDTH * HEIGHT) * (OUT_HEIGHT * OUT_WIDTH);
  var sum = Element();
  // The windows that it lies in are the last that begins before it and at most WINDOWS − 1 before that.
#each V WINDOWS
#each U WINDOWS
  {
    let v = down / STRIDE - $(V);
    let u = right / STRIDE - $(U);
    let i = down - v * STRIDE;
    let j = right - u * STRIDE;
    let inside = (v >= 0) & (u >= 0) & (v < i32(OUT_HEIGHT)) & (u < i32(OUT_WIDTH)) & (i < SIZE) & (j < SIZE);
    let at = select(0u, (image + u32(v) * OUT_WIDTH + u32(u)) * CHANNELS + channel, inside);
#if MAX
    sum += select(Element(), dy[at], (taps[at] == Word(u32(i * SIZE + j))) & BOOLEAN(inside));
#else
    sum += select(Element(), dy[at], inside);
#endif
  }
#end
#end
#if MAX
  dx[i] = sum;
#else
  dx[i] = sum / f32(SIZE * SIZE);
#endif
#else
  let right = i32(i / CHANNELS % OUT_WIDTH) * STRIDE - PADDING;
  let down = i32(i / (CHANNELS * OUT_WIDTH) % OUT_HEIGHT) * STRIDE - PADDING;
  let image = i / (CHANNELS * OUT_WIDTH * OUT_HEIGHT) * (HEIGHT * WIDTH);
#if MAX
  var best = Element();
  var bestTap = Word();
  var isFirst = true;
  for (var tap = 0; tap < SIZE * SIZE; tap++) {
    let v = down + tap / SIZE;
    let u = right + tap % SIZE;
    if (v < 0 || u < 0 || u32(v) >= HEIGHT || u32(u) >= WIDTH) {
      continue;
    }
    let value = x[(image + u32(v) * WIDTH + u32(u)) * CHANNELS + channel];
    let isNan = (bitcast<Word>(value) & Word(0x7fffffffu)) > Word(0x7f800000u);
    let better = (value > best) | isNan | BOOLEAN(isFirst);
    best = select(best, value, better);
    bestTap = select(bestTap, Word(u32(tap)), better);
    isFirst = false;
  }
  y[i] = best;
  taps[i] = bestTap;
#else
  var sum = Element();
  for (var tap = 0; tap < SIZE * SIZE; tap++) {
    sum += x[(image + u32(down + tap / SIZE) * WIDTH + u32(right + tap % SIZE)) * CHANNELS + channel];
  }
  y[i] = sum / f32(SIZE * SIZE);
#endif
#endif
}
