import { flatWorkgroups, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

/** Windows of size × size over images `[batch, height, width, channels]`. */
export interface PoolShape {
  batch: number
  channels: number
  height: number
  width: number
  size: number
  stride: number
  padding: number
}

export type Pooling = 'max' | 'average'

export function pooledSize({ height, width, size, stride, padding }: PoolShape): [number, number] {
  const windows = (length: number) => Math.floor((length + 2 * padding - size) / stride) + 1
  return [windows(height), windows(width)]
}

function kernel(pooling: Pooling, shape: PoolShape, backward: boolean): Kernel {
  const { batch, channels, height, width, size, stride, padding } = shape
  const [outHeight, outWidth] = pooledSize(shape)
  const vector = channels % 4 === 0
  const own = vector ? channels / 4 : channels
  const count = batch * own * (backward ? height * width : outHeight * outWidth)
  const words = { COUNT: count, CHANNELS: own, HEIGHT: height, WIDTH: width, OUT_HEIGHT: outHeight, OUT_WIDTH: outWidth }
  return {
    label: `${pooling}Pool2d ${backward ? 'derivative ' : ''}${batch}×${channels}×${height}×${width} by ${size}`,
    shader: 'pool2d',
    defines: {
      ...Object.fromEntries(Object.entries(words).map(([name, value]) => [name, `${value}u`])),
      WORKGROUP: workgroupSize,
      SIZE: size,
      STRIDE: stride,
      WINDOWS: Math.ceil(size / stride),
      PADDING: padding,
      MAX: pooling === 'max',
      BACKWARD: backward,
      ELEMENT: vector ? 'vec4f' : 'f32',
      WORD: vector ? 'vec4u' : 'u32',
      BOOLEAN: vector ? 'vec4<bool>' : 'bool',
    },
    access: ['read', 'write', ...(pooling === 'max' ? [backward ? ('read' as const) : ('write' as const)] : [])],
    workgroups: flatWorkgroups(count, workgroupSize),
  }
}

/** Binds x, y; with `max` the taps, a word each output. */
export const pool2d = (pooling: Pooling, shape: PoolShape): Kernel => kernel(pooling, shape, false)

/** Binds dy, dx; with `max` the taps. */
export const pool2dDerivative = (pooling: Pooling, shape: PoolShape): Kernel => kernel(pooling, shape, true)
