import { wrongAt } from '../../../errors.ts'
import { layerAt } from '../../places.ts'
import { positiveInteger, wholeNumber } from '../../schema.ts'
import { imageOf, windows } from '../../shape.ts'
import { byOne, complete, number } from '../field.ts'
import type { At, Habits, LayerKind } from '../layer-kind.ts'

/** The largest value of each window; of equal ones the first, row by row, takes the gradient. `stride` is `size` unless given. */
export interface MaxPool2dLayer {
  type: 'maxPool2d'
  size: number
  stride?: number
  padding?: number
}
/** The mean of each window; `stride` is `size` unless given. */
export interface AvgPool2dLayer {
  type: 'avgPool2d'
  size: number
  stride?: number
}
/** `[channels, height, width]` to `[channels]`. */
export interface GlobalAvgPool2dLayer {
  type: 'globalAvgPool2d'
}
export type PoolLayer = MaxPool2dLayer | AvgPool2dLayer | GlobalAvgPool2dLayer

const sizeField = number(positiveInteger, byOne(1), { isAlwaysTold: true })
const stride = number(positiveInteger, byOne(1), { fallback: 'size' })
const maxFields = { size: sizeField, stride, padding: number(wholeNumber, byOne(0), { fallback: 0 }) } as const
const averageFields = { size: sizeField, stride } as const

export const completeMaxPool2d = (layer: MaxPool2dLayer) => complete(maxFields, layer)
export const completeAvgPool2d = (layer: AvgPool2dLayer) => ({ ...complete(averageFields, layer), padding: 0 })

const ofImages = ({ shape }: Habits, ...offers: PoolLayer[]) => (shape.length === 3 ? offers.map((layer) => [layer]) : [])

function outputOf(layer: { type: string; size: number; stride: number; padding: number }, { input, path }: At): number[] {
  const [channels, height, width] = imageOf(layer.type, input, path)
  const { size, padding } = layer
  if (2 * padding > size) throw wrongAt(layerAt(layer.type, path, 'padding'), 'shape.padding', { padding, size })
  if (size > Math.min(height, width) + 2 * padding)
    throw wrongAt(layerAt(layer.type, path, 'size'), 'shape.windows', {
      size,
      padded: `${height + 2 * padding} × ${width + 2 * padding}`,
    })
  const along = (length: number) => windows(length, layer.size, layer.stride, layer.padding)
  return [channels, along(height), along(width)]
}

export const maxPool2d: LayerKind<MaxPool2dLayer> = {
  title: 'Max pool',
  group: 'shape',
  family: 'pool',
  fields: maxFields,
  picture: 'move',
  label: ({ size }) => `maxPool2d ${size}`,
  output: (layer, at) => outputOf(completeMaxPool2d(layer), at),
  offers: (habits) => ofImages(habits, { type: 'maxPool2d', size: 2 }, { type: 'maxPool2d', size: 3, stride: 1, padding: 1 }),
}

export const avgPool2d: LayerKind<AvgPool2dLayer> = {
  title: 'Average pool',
  group: 'shape',
  family: 'pool',
  fields: averageFields,
  picture: 'move',
  label: ({ size }) => `avgPool2d ${size}`,
  output: (layer, at) => outputOf(completeAvgPool2d(layer), at),
  offers: (habits) => ofImages(habits, { type: 'avgPool2d', size: 2 }),
}

export const globalAvgPool2d: LayerKind<GlobalAvgPool2dLayer> = {
  title: 'Global average',
  group: 'shape',
  fields: {},
  picture: 'move',
  output: ({ type }, { input, path }) => [imageOf(type, input, path)[0]],
  offers: (habits) => ofImages(habits, { type: 'globalAvgPool2d' }),
}
