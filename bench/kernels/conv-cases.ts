import type { ConvShape } from '../../src/kernels/shapes.ts'
import { weightSplits, type ConvPass } from '../../src/kernels/conv2d.ts'
import { convProblem } from '../../src/kernels/convProblem.ts'
import { outputSize } from '../../src/kernels/shapes.ts'
import { conv2d, conv2dDerivatives } from '../../src/kernels/reference/conv2d.ts'
import { fromMemory, images, toMemory } from '../../src/graph/layout.ts'
import { sizeOf } from '../../src/model/shape.ts'
import { randomNumbers } from '../random.ts'
import type { Workbench } from '../workbench.ts'
import { unwritten, type KernelCase, type NamedCase } from './kernel-case.ts'

const square = { padding: 1, stride: 1, dilation: 1, groups: 1, kernel: 3 }
/** LeNet-5's two, the second of VGG's first block, ResNet-20's of each stage and the first of its second. */
const shapes: ConvShape[] = [
  { ...square, batch: 64, channels: 1, height: 28, width: 28, filters: 6, kernel: 5, padding: 2 },
  { ...square, batch: 64, channels: 6, height: 14, width: 14, filters: 16, kernel: 5, padding: 0 },
  { ...square, batch: 16, channels: 64, height: 32, width: 32, filters: 64 },
  { ...square, batch: 32, channels: 16, height: 32, width: 32, filters: 16 },
  { ...square, batch: 32, channels: 16, height: 32, width: 32, filters: 32, stride: 2 },
  { ...square, batch: 32, channels: 32, height: 16, width: 16, filters: 32 },
  { ...square, batch: 32, channels: 64, height: 8, width: 8, filters: 64 },
]
const passes: ConvPass[] = ['forward', 'input', 'weight']

const nameOf = (pass: ConvPass, { batch, channels, height, width, filters, kernel, stride }: ConvShape) =>
  `conv2d-${pass}-${batch}x${channels}x${height}x${width}-${filters}x${kernel}x${kernel}${stride > 1 ? `-stride${stride}` : ''}`

export function convCases(): NamedCase[] {
  return shapes.flatMap((shape) =>
    passes
      .filter((pass) => pass !== 'input' || shape.channels > 1) // nobody asks for the gradient of a network's input
      .map((pass) => ({ name: nameOf(pass, shape), build: (bench: Workbench) => convCase(bench, pass, shape) })),
  )
}

/** Images, weights and the gradient of what comes out, channels first: the same for every engine. */
export function convOperands(shape: ConvShape) {
  const { batch, channels, height, width, filters, kernel, groups } = shape
  const sizes = {
    x: [batch, channels, height, width],
    weight: [filters, channels / groups, kernel, kernel],
    dy: [batch, filters, ...outputSize(shape)],
  }
  const numbers = (size: number[], seed: number) => randomNumbers(sizeOf(size), seed)
  return { sizes, x: numbers(sizes.x, 1), weight: numbers(sizes.weight, 2), dy: numbers(sizes.dy, 3) }
}

/** With the variant that the tuner chooses on this adapter, as for a plan. A weight's gradient is measured up to its partial sums. */
async function convCase(bench: Workbench, pass: ConvPass, shape: ConvShape): Promise<KernelCase> {
  const { batch, channels, filters, kernel } = shape
  const { sizes, x, weight, dy } = convOperands(shape)
  const [outHeight, outWidth] = outputSize(shape)
  const memory = { x: toMemory(x, images(sizes.x)), weight: toMemory(weight, images(sizes.weight)), dy: toMemory(dy, images(sizes.dy)) }
  const { name: variant, kernel: chosen } = await bench.candidateFor(convProblem(shape, pass))
  const terms = pass === 'weight' ? batch * outHeight * outWidth : kernel ** 2 * (pass === 'forward' ? channels : filters)
  const one = {
    name: nameOf(pass, shape),
    unit: 'GFLOP/s',
    operations: 2 * dy.length * channels * kernel ** 2,
    bytes: 4 * (x.length + weight.length + dy.length),
    tolerance: 1e-5 * Math.max(1, Math.sqrt(terms) / 16),
    variant,
  } as const
  if (pass === 'forward') {
    const output = unwritten(dy.length)
    return {
      ...one,
      calls: [{ kernel: chosen, buffers: [memory.x, memory.weight, output] }],
      output,
      expected: () => toMemory(Float32Array.from(conv2d(x, weight, shape)), images(sizes.dy)),
      peer: (other) => other.convolution?.(shape),
    }
  }
  const derivatives = () => conv2dDerivatives(x, weight, dy, shape)
  if (pass === 'input') {
    const output = unwritten(x.length)
    return {
      ...one,
      calls: [{ kernel: chosen, buffers: [memory.dy, memory.weight, output] }],
      output,
      expected: () => toMemory(Float32Array.from(derivatives().dx), images(sizes.x)),
    }
  }
  const splits = weightSplits(shape)
  const output = unwritten(splits * weight.length)
  return {
    ...one,
    calls: [{ kernel: chosen, buffers: [memory.dy, memory.x, output] }],
    output,
    result: (parts) => {
      const sum = new Float32Array(weight.length)
      parts.forEach((value, i) => (sum[i % weight.length]! += value))
      return fromMemory(sum, images(sizes.weight))
    },
    expected: () => derivatives().dWeight,
  }
}
