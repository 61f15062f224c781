import type { ConvShape } from './shapes.ts'
import { conv2d, conv2dWeight, productOf, weightSplits, type ConvPass, type ConvTile } from './conv2d.ts'
import { epilogueSample, epilogueWords, type Epilogue } from './epilogue.ts'
import { candidates, plainTile, variantName } from './matmulVariants.ts'
import { noiseOf, type Candidate, type Problem, type Sample } from './problem.ts'
import { outputSize } from './shapes.ts'

/** Entries held against float64, spread over all of them. */
const samples = 240
/** Of the sum of the products' magnitudes: what float32 loses on the way, many times over. */
const tolerance = 2e-6

/** One pass of a convolution as a problem for the tuner; the weight's has partial sums as its result. */
export function convProblem(shape: ConvShape, pass: ConvPass, epilogue: Epilogue = {}): Problem {
  const product = productOf(shape, pass)
  const forward = productOf(shape, 'forward') // of a stride, ∂L/∂x has no more to do
  const name = productName(shape, pass)
  const candidate = (variant: ConvTile): Candidate => ({
    name: `${variantName(variant)}${variant.sized ? '' : ' any size'}`,
    kernel: pass === 'weight' ? conv2dWeight(shape, variant) : conv2d(shape, pass, epilogue, variant),
  })
  // Two sides and a depth far beyond the split of a long k, which a convolution does by itself.
  const asSquare = { ...product, k: Math.min(product.k, 1023) }
  const flops = 2 * forward.m * forward.n * forward.k * (forward.batch ?? 1)
  return {
    name: [name, ...epilogueWords(epilogue)].join(' '),
    product: name,
    flops,
    plain: candidate(plainTile),
    candidates: (adapter) =>
      candidates(asSquare, adapter, flops)
        .filter((variant) => variant.kind === 'registers')
        .map((variant) => candidate({ ...variant, sized: !adapter.crowded })),
    sample: () => sampleOf(shape, pass, epilogue),
  }
}

/** Without what happens to its sums. */
function productName({ batch, channels, height, width, filters, kernel, stride, padding, dilation, groups }: ConvShape, pass: ConvPass) {
  const words = [
    stride > 1 && `stride ${stride}`,
    padding > 0 && `padding ${padding}`,
    dilation > 1 && `dilation ${dilation}`,
    groups > 1 && `groups ${groups}`,
  ].filter(Boolean)
  return [`conv2d ${pass} ${batch}×${channels}×${height}×${width} ${filters} of ${kernel}×${kernel}`, ...words].join(' ')
}

/** Noise as it lies in memory: x, weights and dy. */
function sampleOf(shape: ConvShape, pass: ConvPass, epilogue: Epilogue): Sample {
  const { batch, channels, height, width, filters, kernel, groups } = shape
  const [outHeight, outWidth] = outputSize(shape)
  const numbers = (count: number, seed: number) => noiseOf(count, seed)
  const x = numbers(batch * height * width * channels, 1)
  const weight = numbers((filters * kernel ** 2 * channels) / groups, 2)
  const dy = numbers(batch * outHeight * outWidth * filters, 3)
  if (pass === 'weight') {
    const sums = new Float32Array(weightSplits(shape) * weight.length)
    return { buffers: [dy, x, sums], output: 2, check: (result) => wrongWeight(result, shape, { x, dy }) }
  }
  const forward = pass === 'forward'
  const c = new Float32Array(forward ? dy.length : x.length)
  const a = forward ? x : dy
  const { buffers, finish } = epilogueSample(epilogue, c.length, forward ? filters : channels)
  return { buffers: [a, weight, c, ...buffers], output: 2, check: (result) => wrongEntry(result, shape, pass, finish, { a, weight }) }
}

function* sampled(count: number): Generator<number> {
  const some = Math.min(samples, count)
  for (let s = 0; s < some; s++) yield Math.floor((s * (count - 1)) / Math.max(1, some - 1))
}

function wrongEntry(
  c: Float32Array,
  shape: ConvShape,
  pass: 'forward' | 'input',
  finish: (sum: number, at: number, column: number) => number,
  { a, weight }: { a: Float32Array; weight: Float32Array },
): string | undefined {
  const { channels, height, width, filters, kernel, stride, padding, dilation, groups } = shape
  const forward = pass === 'forward'
  const [outHeight, outWidth] = outputSize(shape)
  const [columns, rows, total] = forward ? [outWidth, outHeight, filters] : [width, height, channels]
  const [filtersOfGroup, channelsOfGroup] = [filters / groups, channels / groups]
  for (const at of sampled(c.length)) {
    const [z, position] = [at % total, Math.floor(at / total)]
    const [u, v, image] = [position % columns, Math.floor(position / columns) % rows, Math.floor(position / columns / rows)]
    const group = Math.floor(z / (total / groups))
    let [sum, size] = [0, 0]
    for (let i = 0; i < kernel; i++)
      for (let j = 0; j < kernel; j++)
        for (let k = 0; k < (forward ? channelsOfGroup : filtersOfGroup); k++) {
          const [down, right] = forward
            ? [v * stride + i * dilation - padding, u * stride + j * dilation - padding]
            : [(v + padding - i * dilation) / stride, (u + padding - j * dilation) / stride]
          const [high, wide, deep] = forward ? [height, width, channels] : [outHeight, outWidth, filters]
          if (!Number.isInteger(down) || !Number.isInteger(right) || down < 0 || right < 0 || down >= high || right >= wide) continue
          const [filter, channel] = forward ? [z, k] : [group * filtersOfGroup + k, z % channelsOfGroup]
          const source = group * (forward ? channelsOfGroup : filtersOfGroup) + k
          const term =
            a[((image * high + down) * wide + right) * deep + source]! *
            weight[((filter * kernel + i) * kernel + j) * channelsOfGroup + channel]!
          sum += term
          size += Math.abs(term)
        }
    const expected = finish(sum, at, z)
    if (!(Math.abs(c[at]! - expected) <= tolerance * (size + 1))) return `number ${at} is ${c[at]}, expected ${expected}`
  }
  return undefined
}

/** The partial sums of some weights, added up. */
function wrongWeight(sums: Float32Array, shape: ConvShape, { x, dy }: { x: Float32Array; dy: Float32Array }): string | undefined {
  const { batch, channels, height, width, filters, kernel, stride, padding, dilation, groups } = shape
  const [outHeight, outWidth] = outputSize(shape)
  const [filtersOfGroup, own] = [filters / groups, channels / groups]
  const count = filters * kernel ** 2 * own
  const positions = batch * outHeight * outWidth
  let checked = 0
  for (const at of sampled(count)) {
    // Each has as many products as there are positions: large sums are sampled more thinly.
    if (checked++ * positions > 2e7) break
    const [channel, tap, filter] = [at % own, Math.floor(at / own) % kernel ** 2, Math.floor(at / own / kernel ** 2)]
    const [i, j] = [Math.floor(tap / kernel), tap % kernel]
    const source = Math.floor(filter / filtersOfGroup) * own + channel
    let [sum, size, found] = [0, 0, 0]
    for (let p = 0; p < positions; p++) {
      const [u, v, image] = [p % outWidth, Math.floor(p / outWidth) % outHeight, Math.floor(p / outWidth / outHeight)]
      const [down, right] = [v * stride + i * dilation - padding, u * stride + j * dilation - padding]
      if (down < 0 || right < 0 || down >= height || right >= width) continue
      const term = dy[p * filters + filter]! * x[((image * height + down) * width + right) * channels + source]!
      sum += term
      size += Math.abs(term)
    }
    for (let split = at; split < sums.length; split += count) found += sums[split]!
    if (!(Math.abs(found - sum) <= tolerance * (size + 1))) return `weight ${at} is ${found}, expected ${sum}`
  }
  return undefined
}
