import { wrongAt } from '../../../errors.ts'
import { layerAt } from '../../places.ts'
import { sameShape, shapeText } from '../../shape.ts'
import type { Layer } from '../../types.ts'
import type { Habits, LayerKind } from '../layer-kind.ts'

/** The sum of `layers` and `shortcut`; an empty shortcut is the identity. */
export interface ResidualLayer {
  type: 'residual'
  layers: Layer[]
  shortcut?: Layer[]
}
/** The branches' outputs joined along features or channels; an empty branch is the identity. */
export interface ConcatLayer {
  type: 'concat'
  branches: Layer[][]
}

/** A layer with weights that gives so many features or channels and leaves the rest of the shape. */
const sized = ({ shape }: Habits, size: number): Layer =>
  shape.length === 3 ? { type: 'conv2d', filters: size, kernel: 3, padding: 1 } : { type: 'dense', units: size }

export const residual: LayerKind<ResidualLayer> = {
  title: 'Residual',
  short: 'Residual',
  group: 'groups',
  picture: 'sum',
  fields: { layers: { kind: 'layers', isOptional: false }, shortcut: { kind: 'layers', isOptional: true } },
  output({ layers, shortcut = [] }, { path, through }) {
    const main = through(layers, 'layers')
    const around = through(shortcut, 'shortcut')
    if (!sameShape(main, around))
      throw wrongAt(layerAt('residual', path), 'shape.sum', { layers: shapeText(main), shortcut: shapeText(around) })
    return main
  },
  offers(habits) {
    const [channels = 1] = habits.shape
    const activation = { type: habits.activation } as Layer
    const filters: Layer = { type: 'conv2d', filters: channels, kernel: 3, padding: 1, bias: false }
    const layers: Layer[] =
      habits.shape.length === 3
        ? [filters, { type: 'batchNorm' }, activation, { ...filters }, { type: 'batchNorm' }]
        : [sized(habits, channels), activation, sized(habits, channels)]
    return [[{ type: 'residual', layers }]]
  },
}

export const concat: LayerKind<ConcatLayer> = {
  title: 'Concat',
  short: 'Concat',
  group: 'groups',
  picture: 'join',
  fields: { branches: { kind: 'branches', isOptional: false } },
  output({ branches }, { path, through }) {
    const shapes = branches.map((branch, b) => through(branch, `branches.${b}`))
    const [first, ...others] = shapes
    if (!first) throw wrongAt(layerAt('concat', path), 'shape.noBranches')
    const odd = others.findIndex((other) => !sameShape(first.slice(1), other.slice(1))) + 1
    if (odd > 0)
      throw wrongAt(layerAt('concat', path), 'shape.join', {
        first: shapeText(first),
        odd: shapeText(shapes[odd]!),
        branch: odd,
        rest: first
          .slice(1)
          .map((size) => `, ${size}`)
          .join(''),
      })
    return [shapes.reduce((sum, [size]) => sum + size!, 0), ...first.slice(1)]
  },
  // Beside what is there; or two branches that together keep the size.
  offers(habits) {
    const [channels = 1] = habits.shape
    const half = channels >> 1
    const grown = [sized(habits, habits.shape.length === 3 ? 12 : 16), { type: habits.activation } as Layer]
    return [
      [{ type: 'concat', branches: [[], grown] }],
      [{ type: 'concat', branches: [[sized(habits, half)], [sized(habits, channels - half)]] }],
    ]
  },
}
