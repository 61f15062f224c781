import { belowOne } from '../../schema.ts'
import { sizeOf } from '../../shape.ts'
import { activationKind, activationNames, type ActivationLayer, type ActivationName } from '../activations.ts'
import { by, number } from '../field.ts'
import type { LayerKind } from '../layer-kind.ts'

/** Applied in training only; kept values are divided by `1 − rate`. */
export interface DropoutLayer {
  type: 'dropout'
  rate: number
}
/** `[channels, height, width]` to `[features]`. */
export interface FlattenLayer {
  type: 'flatten'
}

export const dropout: LayerKind<DropoutLayer> = {
  title: 'Dropout',
  group: 'between',
  fields: { rate: number(belowOne, by(0.05, 0.95)) },
  main: 'rate',
  picture: 'change',
  label: ({ rate }) => `dropout ${rate}`,
  output: (_, { input }) => input,
  offers: () => [[{ type: 'dropout', rate: 0.2 }]],
}

export const flatten: LayerKind<FlattenLayer> = {
  title: 'Flatten',
  group: 'shape',
  fields: {},
  picture: 'move',
  output: (_, { input }) => [sizeOf(input)],
  offers: ({ shape }) => (shape.length === 3 ? [[{ type: 'flatten' }]] : []),
}

const activationLayer = (name: ActivationName): LayerKind<ActivationLayer> => {
  const { title, parameter = {} } = activationKind(name)
  return {
    title,
    group: 'between',
    family: 'activation',
    fields: parameter,
    picture: 'change',
    output: (_, { input }) => input,
    // A menu offers the one that the network uses; the row then has a choice of all.
    offers: ({ activation }) => (activation === name ? [[{ type: name } as ActivationLayer]] : []),
  }
}

export const activationLayers = Object.fromEntries(activationNames.map((name) => [name, activationLayer(name)])) as Record<
  ActivationName,
  LayerKind<ActivationLayer>
>
