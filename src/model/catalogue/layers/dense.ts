import { wrongAt } from '../../../errors.ts'
import { layerAt } from '../../places.ts'
import { positiveInteger } from '../../schema.ts'
import { shapeText } from '../../shape.ts'
import type { Initializer } from '../../types.ts'
import { complete, flag, inStrides, number } from '../field.ts'
import { initializer, weightValues } from '../initializers.ts'
import type { LayerKind } from '../layer-kind.ts'

/** Fully connected, `[features]` to `[units]`; weight `[units, features]`. */
export interface DenseLayer {
  type: 'dense'
  units: number
  bias?: boolean
  initializer?: Initializer
}

const fields = {
  units: number(positiveInteger, inStrides(1)),
  bias: flag(true),
  initializer: { kind: 'other', check: initializer },
} as const

export const dense: LayerKind<DenseLayer> = {
  title: 'Dense',
  short: 'Dense',
  group: 'weights',
  fields,
  main: 'units',
  picture: 'weights',
  label: ({ units }) => `dense ${units}`,
  connection: (layer) => ({ hasBias: complete(fields, layer).bias }),
  output({ units }, { input, path }) {
    if (input.length !== 1) throw wrongAt(layerAt('dense', path), 'shape.features', { found: shapeText(input) })
    return [units]
  },
  parameters(layer, [features]) {
    const { units, bias } = complete(fields, layer)
    const initial = (name: string) => weightValues(layer.initializer, name, features!, units)
    return [
      { name: 'weight', kind: 'weight', shape: [units, features!], initial: initial('weight') },
      ...(bias ? [{ name: 'bias', kind: 'bias' as const, shape: [units], initial: initial('bias') }] : []),
    ]
  },
  // Images are made one row first.
  offers({ shape }) {
    const flatten = shape.length === 3 ? [{ type: 'flatten' as const }] : []
    return [shape.length === 3 ? 64 : 16, shape[0] ?? 1].map((units) => [...flatten, { type: 'dense', units }])
  },
}
