/** Which numbers an operation's result comes from, element by element, as they lie in memory. */
import { outputSize, type ConvShape } from '../kernels/shapes.ts'
import { pooledSize, type PoolShape } from '../kernels/pool2d.ts'
import { channelsOf, columnsOf, elements, is, positionsOf, rowsOf, type Node, type Value } from '../graph/graph.ts'
import { conv2d, conv2dInput, conv2dWeight } from '../graph/operations/convolution.ts'
import { flatten, flattenDerivative, globalPool, globalPoolDerivative, pool, poolDerivative } from '../graph/operations/pool.ts'
import { concat, slice } from '../graph/operations/join.ts'
import { columnSum, linear, matmul } from '../graph/operations/linear.ts'
import { loss } from '../graph/operations/loss.ts'
import { batchNorm, batchNormDerivative, layerNorm, layerNormDerivative } from '../graph/operations/norm.ts'
import { valuesOf } from '../graph/graph.ts'

/** Numbers that are multiplied with each other, or stand alone, by input: the i-th of each belong together. */
export interface SourceGroup {
  inputs: readonly { name: string; value: Value; elements: readonly number[] }[]
}

const range = (count: number, of: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => of(i))
const group = (...inputs: [name: string, value: Value, elements: readonly number[]][]): SourceGroup => ({
  inputs: inputs.map(([name, value, own]) => ({ name, value, elements: own })),
})
const one = (name: string, value: Value, element: number): SourceGroup => group([name, value, [element]])

/** All numbers of a channel, of images or rows. */
const channel = (value: Value, c: number) => range(positionsOf(value), (i) => i * channelsOf(value) + c)
const row = (value: Value, r: number) => range(columnsOf(value), (i) => r * columnsOf(value) + i)

/** What element `e` of a node's output comes from. */
export function sourcesOf(node: Node, output: Value, e: number): SourceGroup[] {
  if (is(node, linear)) {
    const { x, weight, bias } = node.inputs
    const [out, k] = [rowsOf(weight), columnsOf(x)]
    const [r, j] = [Math.floor(e / out), e % out]
    const products = group(['x', x, range(k, (i) => r * k + i)], ['weight', weight, range(k, (i) => j * k + i)])
    return [products, ...(bias ? [one('bias', bias, j)] : [])]
  }
  if (is(node, matmul)) {
    const { a, b } = node.inputs
    const n = columnsOf(b)
    const [i, j] = [Math.floor(e / n), e % n]
    const turned = node.attributes.transposeA
    const k = turned ? rowsOf(a) : columnsOf(a)
    const ofA = (kk: number) => (turned ? kk * columnsOf(a) + i : i * k + kk)
    return [group([turned ? 'dy' : 'dy', a, range(k, ofA)], [turned ? 'x' : 'weight', b, range(k, (kk) => kk * n + j)])]
  }
  if (is(node, columnSum)) {
    const x = node.inputs.xs[Math.max(0, node.outputs.sums.indexOf(output))]!
    return [group(['dy', x, channel(x, e % channelsOf(x))])]
  }
  if (is(node, conv2d) || is(node, conv2dWeight) || is(node, conv2dInput)) return convolved(node, e)
  if (is(node, pool)) return pooled(node.inputs.x, shapeOfPool(node.inputs.x, node.attributes), e)
  if (is(node, poolDerivative)) return [group(['dy', node.inputs.dy, windowsOver(node.attributes.of, e)])]
  if (is(node, globalPool)) {
    const { x } = node.inputs
    const [c, p] = [channelsOf(x), positionsOf(x) / rowsOf(x)]
    return [group(['x', x, range(p, (i) => (Math.floor(e / c) * p + i) * c + (e % c))])]
  }
  if (is(node, globalPoolDerivative)) {
    const [, c, h, w] = node.attributes.shape as [number, number, number, number]
    return [one('dy', node.inputs.dy, Math.floor(e / (c * h * w)) * c + (e % c))]
  }
  if (is(node, flatten) || is(node, flattenDerivative)) return [turned(node, e)]
  if (is(node, concat)) {
    let first = e % channelsOf(node.outputs.y)
    const at = Math.floor(e / channelsOf(node.outputs.y))
    const part = node.inputs.parts.find((own) => first < channelsOf(own) || ((first -= channelsOf(own)), false))!
    return [one('x', part, at * channelsOf(part) + first)]
  }
  if (is(node, slice)) {
    const { first, count } = node.attributes
    return [one('x', node.inputs.x, Math.floor(e / count) * channelsOf(node.inputs.x) + first + (e % count))]
  }
  if (is(node, loss)) {
    const { prediction, target } = node.inputs
    const r = Math.floor(e / (elements(output) / rowsOf(output)))
    return [group(['prediction', prediction, row(prediction, r)]), group(['target', target, row(target, r)])]
  }
  if (is(node, batchNorm)) {
    const { x, weight, bias } = node.inputs
    const c = e % channelsOf(weight)
    return [
      ...(output === node.outputs.y ? [one('x', x, e)] : []),
      group(['x', x, channel(x, c)]),
      one('weight', weight, c),
      one('bias', bias, c),
    ]
  }
  if (is(node, layerNorm)) {
    const { x, weight, bias } = node.inputs
    const n = columnsOf(x)
    if (output !== node.outputs.y) return [group(['x', x, row(x, e)])]
    return [group(['x', x, row(x, Math.floor(e / n))]), one('weight', weight, e % n), one('bias', bias, e % n)]
  }
  if (is(node, batchNormDerivative) || is(node, layerNormDerivative)) return normed(node, output, e)
  // Element by element.
  return Object.entries(node.inputs).flatMap(([name, slot]) =>
    valuesOf({ slot }).flatMap((value) => (elements(value) === elements(output) ? [one(name, value, e)] : [])),
  )
}

function normed(node: Node, output: Value, e: number): SourceGroup[] {
  const { x, dy, weight } = node.inputs as { x: Value; dy: Value; weight: Value }
  const others = Object.entries(node.inputs as Record<string, Value>).filter(([name]) => name !== 'x' && name !== 'dy' && name !== 'weight')
  const isInput = output.role !== 'parameterGradient'
  if (is(node, batchNormDerivative)) {
    const c = e % channelsOf(weight)
    const sums = group(['dy', dy, channel(dy, c)], ['x', x, channel(x, c)])
    const statistics = node.inputs.statistics
    const of = group(['statistics', statistics, [c, channelsOf(weight) + c]])
    return isInput ? [one('dy', dy, e), one('x', x, e), one('weight', weight, c), sums, of] : [sums, of]
  }
  const n = columnsOf(x)
  if (!isInput)
    return [
      group(['dy', dy, channel(dy, e)], ['x', x, channel(x, e)]),
      ...others.map(([name, value]) => group([name, value, range(elements(value), (i) => i)])),
    ]
  const r = Math.floor(e / n)
  return [
    one('dy', dy, e),
    group(['dy', dy, row(dy, r)], ['x', x, row(x, r)], ['weight', weight, range(n, (i) => i)]),
    ...others.map(([name, value]) => one(name, value, r)),
  ]
}

function turned(node: Node, e: number): SourceGroup {
  const images = is(node, flatten) ? node.inputs.x : (node.outputs['dx'] as Value)
  const p = positionsOf(images) / rowsOf(images)
  const c = elements(images) / rowsOf(images) / p
  const b = Math.floor(e / (p * c))
  const within = e % (p * c)
  if (is(node, flatten)) return one('x', node.inputs.x, (b * p + (within % p)) * c + Math.floor(within / p))
  return one('dy', node.inputs['dy'] as Value, b * p * c + (within % c) * p + Math.floor(within / c))
}

/** Taps of a kernel that meet an output's position, or the outputs that a position has met. */
function convolved(node: Node, e: number): SourceGroup[] {
  const shape = (is(node, conv2dWeight) ? node.attributes : is(node, conv2dInput) ? node.attributes.shape : convShape(node)) as ConvShape
  const { batch, channels, height, width, filters, kernel, stride, padding, dilation, groups } = shape
  const [outHeight, outWidth] = outputSize(shape)
  const [inGroup, outGroup] = [channels / groups, filters / groups]
  const x = (b: number, y: number, at: number, c: number) => ((b * height + y) * width + at) * channels + c
  const y = (b: number, oy: number, ox: number, f: number) => ((b * outHeight + oy) * outWidth + ox) * filters + f
  const w = (f: number, ky: number, kx: number, c: number) => ((f * kernel + ky) * kernel + kx) * inGroup + c
  const [left, right]: [number[], number[]] = [[], []]
  const inside = (iy: number, ix: number) => iy >= 0 && iy < height && ix >= 0 && ix < width
  if (is(node, conv2d)) {
    const f = e % filters
    const [b, oy, ox] = split(Math.floor(e / filters), outHeight, outWidth)
    for (let ky = 0; ky < kernel; ky++)
      for (let kx = 0; kx < kernel; kx++) {
        const [iy, ix] = [oy * stride - padding + ky * dilation, ox * stride - padding + kx * dilation]
        if (!inside(iy, ix)) continue
        for (let c = 0; c < inGroup; c++) {
          left.push(x(b, iy, ix, Math.floor(f / outGroup) * inGroup + c))
          right.push(w(f, ky, kx, c))
        }
      }
    const { bias } = node.inputs
    return [group(['x', node.inputs.x, left], ['weight', node.inputs.weight, right]), ...(bias ? [one('bias', bias, f)] : [])]
  }
  if (is(node, conv2dWeight)) {
    const c = e % inGroup
    const [f, ky, kx] = split(Math.floor(e / inGroup), kernel, kernel)
    for (let b = 0; b < batch; b++)
      for (let oy = 0; oy < outHeight; oy++)
        for (let ox = 0; ox < outWidth; ox++) {
          const [iy, ix] = [oy * stride - padding + ky * dilation, ox * stride - padding + kx * dilation]
          if (!inside(iy, ix)) continue
          left.push(y(b, oy, ox, f))
          right.push(x(b, iy, ix, Math.floor(f / outGroup) * inGroup + c))
        }
    return [group(['dy', node.inputs.dy, left], ['x', node.inputs.x, right])]
  }
  const { dy, weight } = node.inputs as { dy: Value; weight: Value }
  const c = e % channels
  const [b, iy, ix] = split(Math.floor(e / channels), height, width)
  for (let ky = 0; ky < kernel; ky++)
    for (let kx = 0; kx < kernel; kx++) {
      const [oy, ox] = [(iy + padding - ky * dilation) / stride, (ix + padding - kx * dilation) / stride]
      if (!Number.isInteger(oy) || !Number.isInteger(ox) || oy < 0 || ox < 0 || oy >= outHeight || ox >= outWidth) continue
      for (let f = 0; f < outGroup; f++) {
        const filter = Math.floor(c / inGroup) * outGroup + f
        left.push(y(b, oy, ox, filter))
        right.push(w(filter, ky, kx, c % inGroup))
      }
    }
  return [group(['dy', dy, left], ['weight', weight, right])]
}

function convShape(node: Node): ConvShape {
  const { x, weight } = node.inputs as { x: Value; weight: Value }
  const [batch, channels, height, width] = x.shape as [number, number, number, number]
  const [filters, , kernel] = weight.shape as [number, number, number, number]
  return {
    batch,
    channels,
    height,
    width,
    filters,
    kernel,
    ...(node.attributes as Pick<ConvShape, 'stride' | 'padding' | 'dilation' | 'groups'>),
  }
}

const split = (place: number, height: number, width: number): [number, number, number] => [
  Math.floor(place / (height * width)),
  Math.floor(place / width) % height,
  place % width,
]

const shapeOfPool = ({ shape }: Value, { size, stride, padding }: Pick<PoolShape, 'size' | 'stride' | 'padding'>): PoolShape => {
  const [batch, channels, height, width] = shape as [number, number, number, number]
  return { batch, channels, height, width, size, stride, padding }
}

function pooled(x: Value, shape: PoolShape, e: number): SourceGroup[] {
  const { channels, height, width, size, stride, padding } = shape
  const [outHeight, outWidth] = pooledSize(shape)
  const [b, oy, ox] = split(Math.floor(e / channels), outHeight, outWidth)
  const within: number[] = []
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      const [iy, ix] = [oy * stride - padding + i, ox * stride - padding + j]
      if (iy >= 0 && iy < height && ix >= 0 && ix < width) within.push(((b * height + iy) * width + ix) * channels + (e % channels))
    }
  return [group(['x', x, within])]
}

/** The outputs whose windows a position lies in. */
function windowsOver(shape: PoolShape, e: number): number[] {
  const { channels, height, width, size, stride, padding } = shape
  const [outHeight, outWidth] = pooledSize(shape)
  const [b, iy, ix] = split(Math.floor(e / channels), height, width)
  const over: number[] = []
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      const [oy, ox] = [(iy + padding - i) / stride, (ix + padding - j) / stride]
      if (Number.isInteger(oy) && Number.isInteger(ox) && oy >= 0 && ox >= 0 && oy < outHeight && ox < outWidth)
        over.push(((b * outHeight + oy) * outWidth + ox) * channels + (e % channels))
    }
  return over
}
