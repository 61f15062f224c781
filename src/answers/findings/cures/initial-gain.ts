/** How much of a signal first weights let through, as far as their initializer tells. */
import type { InitialValues } from '../../../model/initial-values.ts'
import { innerOf } from '../../../model/catalogue/layers.ts'
import { layerParameters, placedLayers } from '../../../model/shapes.ts'
import type { Layer, Network } from '../../../model/types.ts'
import { activationAfter, hasWeights, isLikeRelu, outputIndex, type Weights } from './layer-lists.ts'

export interface Gain {
  path: string
  layer: Weights
  /** 1: what comes out is as large as what came in; less: it fades, more: it grows. */
  gain: number
  /** The mean weight over their root mean square: 0 around zero, 1 where all are of one sign and size. */
  lean: number
  isHidden: boolean
}

/** Of weights with an initializer of their own. */
export function initialGains(network: Network): Gain[] {
  const lists = listsOf(network.layers)
  return placedLayers(network).flatMap((placed): Gain[] => {
    const { layer, path } = placed
    if (!hasWeights(layer) || layer.initializer === undefined) return []
    const weight = layerParameters(placed)[0]!
    const inputs = weight.shape.slice(1).reduce((product, n) => product * n, 1)
    const { mean, square } = momentsOf(weight.initial)
    const at = path.lastIndexOf('.')
    const list = lists.get(path.slice(0, at))!
    const index = Number(path.slice(at + 1))
    const after = activationAfter(list, index)
    // Half of the signal's power passes a ReLU.
    const passed = after !== null && isLikeRelu(after) ? 0.5 : 1
    const spread = Math.sqrt(inputs * square * passed)
    const isHidden = !(path.slice(0, at) === 'layers' && index >= outputIndex(network.layers))
    return [{ path, layer, gain: spread, lean: square > 0 ? Math.abs(mean) / Math.sqrt(square) : 0, isHidden }]
  })
}

function momentsOf(initial: InitialValues): { mean: number; square: number } {
  switch (initial.kind) {
    case 'uniform': {
      const { minimum, maximum } = initial
      const mean = (minimum + maximum) / 2
      return { mean, square: mean ** 2 + (maximum - minimum) ** 2 / 12 }
    }
    case 'normal':
      return { mean: 0, square: initial.deviation ** 2 }
    case 'constant':
      return { mean: initial.value, square: initial.value ** 2 }
  }
}

/** All lists of layers by the path that theirs begin with. */
function listsOf(layers: readonly Layer[], prefix = 'layers'): Map<string, readonly Layer[]> {
  const found = new Map([[prefix, layers]])
  layers.forEach((layer, i) => {
    for (const inner of innerOf(layer))
      for (const [path, list] of listsOf(inner.layers, `${prefix}.${i}.${inner.name}`)) found.set(path, list)
  })
  return found
}

const least = 1 / 3
const most = 3
const leansTooFar = 0.5

/** Whether first weights are far from what keeps a signal's size. */
export const isOff = ({ gain, lean, layer }: Gain): boolean =>
  (layer.initializer!.type === 'uniform' || layer.initializer!.type === 'normal') && (gain < least || gain > most || lean > leansTooFar)
