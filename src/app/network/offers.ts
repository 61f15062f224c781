/** What can be added at a place of a network, with settings that fit there. */
import { isActivation, type ActivationName } from '../../model/catalogue/activations.ts'
import type { LayerKind } from '../../model/catalogue/layer-kind.ts'
import { everyLayer, kindOf, layerTypes } from '../../model/catalogue/layers.ts'
import type { Layer } from '../../model/types.ts'
import { chain, insert, shapeAt, type Place } from './layer-tree.ts'
import { layerTitle } from '../words/layer-words.ts'

export interface Offer {
  title: string
  group: LayerKind<Layer>['group']
  /** What is put in: a dense layer brings the flatten that images need before it. */
  layers: Layer[]
  /** Shape of one sample after it. */
  output: number[]
}

/** What the network uses already, that an addition may look like the rest. */
export const activationOf = (layers: readonly Layer[]): ActivationName =>
  everyLayer(layers)
    .map(({ type }) => type)
    .find(isActivation) ?? 'relu'

/**
 * What can stand at a place: of each kind the first that its input's shape allows and after which the network still chains to the same output. Where it
 * does not chain as it is, whatever the input's shape allows; nothing where that is not known.
 */
export function offersAt(layers: readonly Layer[], input: number[], place: Place): Offer[] {
  const shape = shapeAt(layers, input, place)
  if (!shape) return []
  const before = chain(layers, input).output
  const habits = { shape, activation: activationOf(layers) }
  return layerTypes.flatMap((type) => {
    const { group, offers } = kindOf({ type })
    for (const added of offers(habits)) {
      const { output } = chain(added, shape)
      if (!output) continue
      if (before) {
        const draft = structuredClone(layers) as Layer[]
        insert(draft, place, added)
        if (String(chain(draft, input).output) !== String(before)) continue
      }
      return [{ title: layerTitle(added.at(-1)!.type), group, layers: added, output }]
    }
    return []
  })
}

/** Path of the first dense layer that meets images, which a flatten before it would make one row; null where none does. */
export function missingFlatten(layers: readonly Layer[], input: number[]): string | null {
  for (const [path, { input: shape, output }] of chain(layers, input).shapes) {
    const at = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], { layers }) as Layer
    if (at.type === 'dense' && shape?.length === 3 && output === null) return path
  }
  return null
}
