/** Shapes of one sample: `[features]` or `[channels, height, width]`. */
import { wrongAt } from '../errors.ts'
import { layerAt } from './places.ts'

/** Elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** A shape as messages print it: `[1, 28, 28]`. */
export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i])

/** The shape where the layer takes images. */
export function imageOf(type: string, shape: readonly number[], path: string): [channels: number, height: number, width: number] {
  if (shape.length !== 3) throw wrongAt(layerAt(type, path), 'shape.images', { found: shapeText(shape) })
  return shape as [number, number, number]
}

/** Windows of `extent` that fit a padded length, `stride` apart. */
export const windows = (length: number, extent: number, stride: number, padding: number) =>
  Math.floor((length + 2 * padding - extent) / stride) + 1
