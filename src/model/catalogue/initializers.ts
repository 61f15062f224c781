/** How weights begin, by torch.nn.init: bounds and deviations from the numbers that one output takes in and one input goes to (gain 1 for glorot, √2 for he). */
import { wrongAt } from '../../errors.ts'
import { message } from '../../words/say.ts'
import type { InitialValues } from '../initial-values.ts'
import { notNegative, number, variant, type Check } from '../schema.ts'
import type { Initializer } from '../types.ts'

interface InitializerKind {
  settings?: Record<string, Check>
  /** Of the weight; the bias begins at 0 unless it is filled too. */
  weight(initializer: Initializer, inputs: number, outputs: number): InitialValues
  fillsBias?: boolean
}

const around0 = (bound: number): InitialValues => ({ kind: 'uniform', minimum: -bound, maximum: bound })
const normal = (deviation: number): InitialValues => ({ kind: 'normal', deviation })
export const constant = (value: number): InitialValues => ({ kind: 'constant', value })

const kinds: Readonly<Record<Initializer['type'], InitializerKind>> = {
  glorotUniform: { weight: (_, inputs, outputs) => around0(Math.sqrt(6 / (inputs + outputs))) },
  glorotNormal: { weight: (_, inputs, outputs) => normal(Math.sqrt(2 / (inputs + outputs))) },
  heUniform: { weight: (_, inputs) => around0(Math.sqrt(6 / inputs)) },
  heNormal: { weight: (_, inputs) => normal(Math.sqrt(2 / inputs)) },
  lecunNormal: { weight: (_, inputs) => normal(Math.sqrt(1 / inputs)) },
  uniform: {
    settings: { minimum: number, maximum: number },
    weight: ({ minimum, maximum }: Initializer & { minimum?: number; maximum?: number }) => ({
      kind: 'uniform',
      minimum: minimum!,
      maximum: maximum!,
    }),
    fillsBias: true,
  },
  normal: {
    settings: { deviation: notNegative },
    weight: ({ deviation }: Initializer & { deviation?: number }) => normal(deviation!),
    fillsBias: true,
  },
}

/** How a weight or bias begins; PyTorch's own default for the layer without an initializer. */
export function weightValues(initializer: Initializer | undefined, name: string, inputs: number, outputs: number): InitialValues {
  if (initializer === undefined) return around0(1 / Math.sqrt(inputs))
  const { weight, fillsBias } = kinds[initializer.type]
  return name === 'bias' && !fillsBias ? constant(0) : weight(initializer, inputs, outputs)
}

export const initializer: Check = (value, path) => {
  variant(message('kind.initializer'), () =>
    Object.fromEntries(Object.entries(kinds).map(([type, { settings = {} }]) => [type, { required: settings }])),
  )(value, path)
  const { minimum, maximum } = value as { minimum?: number; maximum?: number }
  if (minimum === undefined || maximum === undefined) return
  if (minimum > maximum) throw wrongAt(`${path}.minimum`, 'model.minimum', { found: minimum, maximum })
  if (!Number.isFinite(Math.fround(maximum - minimum))) throw wrongAt(path, 'model.range', { minimum, maximum })
}
