import { wrongAt } from '../../../errors.ts'
import { layerAt } from '../../places.ts'
import { positiveInteger, wholeNumber } from '../../schema.ts'
import { imageOf, windows } from '../../shape.ts'
import type { Initializer } from '../../types.ts'
import { byOne, complete, flag, inStrides, number } from '../field.ts'
import { initializer, weightValues } from '../initializers.ts'
import type { LayerKind } from '../layer-kind.ts'

/** Weight `[filters, channels / groups, kernel, kernel]`; square kernels, equal strides and paddings in both directions. */
export interface Conv2dLayer {
  type: 'conv2d'
  filters: number
  kernel: number
  stride?: number
  padding?: number
  dilation?: number
  groups?: number
  bias?: boolean
  initializer?: Initializer
}

const fields = {
  filters: number(positiveInteger, inStrides(1)),
  kernel: number(positiveInteger, byOne(1), { isAlwaysTold: true }),
  stride: number(positiveInteger, byOne(1), { fallback: 1 }),
  padding: number(wholeNumber, byOne(0), { fallback: 0 }),
  dilation: number(positiveInteger, byOne(1), { fallback: 1 }),
  groups: number(positiveInteger, byOne(1), { fallback: 1 }),
  bias: flag(true),
  initializer: { kind: 'other', check: initializer },
} as const

export const completeConv2d = (layer: Conv2dLayer) => complete(fields, layer)

export const conv2d: LayerKind<Conv2dLayer> = {
  title: 'Conv2d',
  short: 'Conv',
  group: 'weights',
  fields,
  main: 'filters',
  picture: 'weights',
  label: ({ filters, kernel }) => `conv2d ${filters} of ${kernel} × ${kernel}`,
  connection(layer) {
    const { bias, groups } = completeConv2d(layer)
    return { hasBias: bias, groups }
  },
  output(layer, { input, path }) {
    const { filters, kernel, stride, padding, dilation, groups } = completeConv2d(layer)
    const [channels, height, width] = imageOf('conv2d', input, path)
    if (channels % groups) throw wrongAt(layerAt('conv2d', path, 'groups'), 'shape.groupsInput', { groups, channels })
    if (filters % groups) throw wrongAt(layerAt('conv2d', path, 'groups'), 'shape.groupsFilters', { groups, filters })
    const extent = dilation * (kernel - 1) + 1
    if (extent > Math.min(height, width) + 2 * padding)
      throw wrongAt(layerAt('conv2d', path, 'kernel'), 'shape.kernel', {
        kernel,
        extent,
        padded: `${height + 2 * padding} × ${width + 2 * padding}`,
      })
    return [filters, windows(height, extent, stride, padding), windows(width, extent, stride, padding)]
  },
  parameters(layer, [channels]) {
    const { filters, kernel, groups, bias } = completeConv2d(layer)
    const taps = kernel ** 2
    const initial = (name: string) => weightValues(layer.initializer, name, (channels! / groups) * taps, filters * taps)
    return [
      {
        name: 'weight',
        kind: 'weight',
        layout: 'images',
        shape: [filters, channels! / groups, kernel, kernel],
        initial: initial('weight'),
      },
      ...(bias ? [{ name: 'bias', kind: 'bias' as const, shape: [filters], initial: initial('bias') }] : []),
    ]
  },
  offers: ({ shape: [channels = 1, ...size] }) =>
    size.length === 0 ? [] : [Math.max(16, channels), channels].map((filters) => [{ type: 'conv2d', filters, kernel: 3, padding: 1 }]),
}
