/** Changes of a model's layers, list by list: hidden layers have another after them that has weights, the output layer has not. */
import { isActivation } from '../../../model/catalogue/activations.ts'
import { innerOf, kindOf, withInner } from '../../../model/catalogue/layers.ts'
import type { ActivationLayer, ActivationName, Initializer, Layer } from '../../../model/types.ts'

export type Weights = Extract<Layer, { type: 'dense' | 'conv2d' }>

export const hasWeights = (layer: Layer | undefined): layer is Weights => layer !== undefined && kindOf(layer).group === 'weights'
export const isNorm = (layer: Layer | undefined): boolean => layer !== undefined && kindOf(layer).family === 'norm'
export const isActivationLayer = (layer: Layer | undefined): layer is ActivationLayer => layer !== undefined && isActivation(layer.type)
export const isContainer = (layer: Layer): boolean => innerOf(layer).length > 0

/** Whether weights stand in the layer, or in it within. */
export const holdsWeights = (layer: Layer): boolean => hasWeights(layer) || innerOf(layer).some(({ layers }) => layers.some(holdsWeights))

/** Where the output layer stands in the outermost list; what follows it belongs to it. */
export const outputIndex = (layers: readonly Layer[]): number => layers.findLastIndex(holdsWeights)

/** Replaces each layer of all lists by others; `isHidden` is false for the output layer and what follows it. */
export function mapLayers(
  layers: readonly Layer[],
  change: (layer: Layer, at: { list: readonly Layer[]; index: number; isHidden: boolean }) => Layer[],
): Layer[] {
  const output = outputIndex(layers)
  const within = (list: readonly Layer[], isOuter: boolean): Layer[] =>
    list.flatMap((layer, index) => {
      const isHidden = !isOuter || index < output
      const inner = isContainer(layer) ? withInner(layer, (own) => within(own, false)) : layer
      return change(inner, { list, index, isHidden })
    })
  return within(layers, true)
}

/** The activation that weights lead to: the next in their list before other weights; null where there is none. */
export function activationAfter(list: readonly Layer[], index: number): ActivationName | null {
  for (const layer of list.slice(index + 1)) {
    if (isActivationLayer(layer)) return layer.type
    if (holdsWeights(layer)) return null
  }
  return null
}

/** All activations of hidden layers, as they stand. */
export function hiddenActivations(layers: readonly Layer[]): ActivationName[] {
  const found: ActivationName[] = []
  mapLayers(layers, (layer, { isHidden }) => {
    if (isHidden && isActivationLayer(layer)) found.push(layer.type)
    return [layer]
  })
  return found
}

const flatEnds: readonly ActivationName[] = ['tanh', 'sigmoid']
/** Its derivative goes to zero at both ends. */
export const saturates = (name: ActivationName): boolean => flatEnds.includes(name)
export const isLikeRelu = (name: ActivationName): boolean => ['relu', 'leakyRelu', 'gelu', 'silu', 'softplus'].includes(name)

/** What keeps the signal of a layer with this activation as large as it came: He et al. for ReLU and its kin, LeCun for ELU, Glorot and Bengio else. */
export function suitable(activation: ActivationName | null): Initializer {
  if (activation !== null && isLikeRelu(activation)) return { type: 'heNormal' }
  return activation === 'elu' ? { type: 'lecunNormal' } : { type: 'glorotUniform' }
}

/** Initial weights that suit the activations: of hidden layers, and of the output layer where it has an initializer of its own. */
export const initialised = (layers: readonly Layer[]): Layer[] =>
  mapLayers(layers, (layer, { list, index, isHidden }) => {
    if (!hasWeights(layer) || (!isHidden && layer.initializer === undefined)) return [layer]
    return [{ ...layer, initializer: suitable(isHidden ? activationAfter(list, index) : null) }]
  })

/** Another activation in all hidden layers where `of` says so. */
export const withActivation = (layers: readonly Layer[], to: ActivationLayer, of: (name: ActivationName) => boolean): Layer[] =>
  mapLayers(layers, (layer, { isHidden }) => [isHidden && isActivationLayer(layer) && of(layer.type) ? { ...to } : layer])

/** A norm behind all hidden weights that have none. */
export const normalised = (layers: readonly Layer[], norm: Layer): Layer[] =>
  mapLayers(layers, (layer, { list, index, isHidden }) =>
    hasWeights(layer) && isHidden && !isNorm(list[index + 1]) ? [layer, { ...norm } as Layer] : [layer],
  )

/** Dropout behind the activations of hidden dense layers. */
export const withDropout = (layers: readonly Layer[], rate: number): Layer[] =>
  mapLayers(layers, (layer, { list, index, isHidden }) => {
    const isLast = isHidden && isActivationLayer(layer) && list[index + 1]?.type !== 'dropout'
    return isLast && followsDense(list, index) ? [layer, { type: 'dropout', rate }] : [layer]
  })

function followsDense(list: readonly Layer[], index: number): boolean {
  const before = list.slice(0, index).findLast(hasWeights)
  return before?.type === 'dense'
}

/** So many times the neurons in all hidden layers of a network without containers; null where there are some. */
export function resized(layers: readonly Layer[], by: number): Layer[] | null {
  if (layers.some(isContainer)) return null
  const size = (count: number) => Math.max(2, Math.round(count * by))
  return mapLayers(layers, (layer, { isHidden }) => {
    if (!isHidden) return [layer]
    if (layer.type === 'dense') return [{ ...layer, units: size(layer.units) }]
    return layer.type === 'conv2d' && !layer.groups ? [{ ...layer, filters: size(layer.filters) }] : [layer]
  })
}

/** Pairs of hidden dense layers of one width as residual blocks, which their input passes by; null where there are none. */
export function withBypasses(input: readonly number[], layers: readonly Layer[]): Layer[] | null {
  const output = outputIndex(layers)
  const result: Layer[] = []
  let width = input.length === 1 ? input[0] : undefined
  let wrapped = 0
  for (let i = 0; i < layers.length;) {
    const [first, activation, second] = layers.slice(i, i + 3)
    const isPair =
      i + 2 < output &&
      first?.type === 'dense' &&
      second?.type === 'dense' &&
      isActivationLayer(activation) &&
      first.units === width &&
      second.units === width
    if (isPair) {
      result.push({ type: 'residual', layers: [first, activation!, second] })
      wrapped++
      i += 3
      continue
    }
    if (first?.type === 'dense') width = first.units
    result.push(first!)
    i++
  }
  return wrapped > 0 ? result : null
}

/** Whether a norm brings the inputs to one scale before any weight sees them. */
export const normalisesInput = ({ layers }: { layers: readonly Layer[] }): boolean => isNorm(layers.find(({ type }) => type !== 'flatten'))
