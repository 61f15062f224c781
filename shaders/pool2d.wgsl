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
  // The windows that begin at most SIZE − 1 before.
  let lastV = min(down / STRIDE, i32(OUT_HEIGHT) - 1);
  let lastU = min(right / STRIDE, i32(OUT_WIDTH) - 1);
  let firstU = max(0, (right - SIZE + STRIDE) / STRIDE);
  for (var v = max(0, (down - SIZE + STRIDE) / STRIDE); v <= lastV; v++) {
    for (var u = firstU; u <= lastU; u++) {
      let at = (image + u32(v) * OUT_WIDTH + u32(u)) * CHANNELS + channel;
#if MAX
      let tap = (down - v * STRIDE) * SIZE + right - u * STRIDE;
      sum += select(Element(), dy[at], taps[at] == Word(u32(tap)));
#else
      sum += dy[at];
#endif
    }
  }
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
