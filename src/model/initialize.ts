import type { InitialValues } from '../kernels/reference/initialize.ts'
import { layerDefaults } from './defaults.ts'
import { layerParameters, placedLayers, type PlacedLayer } from './shapes.ts'
import type { Initializer, Network, ParameterSpec } from './types.ts'

export type { InitialValues }

const around0 = (bound: number): InitialValues => ({ kind: 'uniform', minimum: -bound, maximum: bound })
const constant = (value: number): InitialValues => ({ kind: 'constant', value })

/** How a dense layer's or a convolution's weight or bias begins, by the numbers that one of its outputs takes in and one of its inputs goes to; bounds and deviations as in torch.nn.init (gain 1 for glorot, √2 for he). */
function weightValues(initializer: Initializer | undefined, name: string, inputs: number, outputs: number): InitialValues {
  if (initializer === undefined) return around0(1 / Math.sqrt(inputs))
  if (initializer.type === 'uniform') return { kind: 'uniform', minimum: initializer.minimum, maximum: initializer.maximum }
  if (initializer.type === 'normal') return { kind: 'normal', deviation: initializer.deviation }
  if (name === 'bias') return constant(0)
  switch (initializer.type) {
    case 'glorotUniform':
      return around0(Math.sqrt(6 / (inputs + outputs)))
    case 'glorotNormal':
      return { kind: 'normal', deviation: Math.sqrt(2 / (inputs + outputs)) }
    case 'heUniform':
      return around0(Math.sqrt(6 / inputs))
    case 'heNormal':
      return { kind: 'normal', deviation: Math.sqrt(2 / inputs) }
    case 'lecunNormal':
      return { kind: 'normal', deviation: Math.sqrt(1 / inputs) }
  }
}

/** Norms begin as the identity. */
const normValues: Record<string, InitialValues> = {
  weight: constant(1),
  bias: constant(0),
  running_mean: constant(0),
  running_var: constant(1),
}

/** The parameters of a network in model order, each with how it begins. */
export function initialValuesOf(network: Network): (ParameterSpec & { initial: InitialValues })[] {
  return placedLayers(network).flatMap((placed) =>
    layerParameters(placed).map((spec) => {
      const name = spec.path.slice(placed.path.length + 1)
      return { ...spec, initial: initialOf(placed, name) }
    }),
  )
}

function initialOf({ layer, input, output }: PlacedLayer, name: string): InitialValues {
  if (layer.type === 'dense') return weightValues(layer.initializer, name, input[0]!, output[0]!)
  if (layer.type !== 'conv2d') return normValues[name]!
  const taps = layer.kernel ** 2
  return weightValues(layer.initializer, name, (input[0]! / (layer.groups ?? layerDefaults.groups)) * taps, layer.filters * taps)
}
