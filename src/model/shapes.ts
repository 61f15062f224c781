/** Shapes and parameters of a network's layers, as the catalogue has them. */
import type { InitialValues } from './initial-values.ts'
import { innerOf, kindOf } from './catalogue/layers.ts'
import type { Layer, Network, ParameterSpec } from './types.ts'

/** A layer where it stands: its path, and the shapes of one sample before and after it. */
export interface PlacedLayer {
  layer: Layer
  path: string
  input: number[]
  output: number[]
}

/** Shape of one sample after `layer`, whose path tells an InputError where shapes do not chain. */
export const outputShape = (layer: Layer, input: number[], path: string): number[] =>
  kindOf(layer).output(layer, { path, input, through: (layers, name) => layersOutput(layers, input, `${path}.${name}`) })

/** Shape of one sample after a list of layers; the paths start with `prefix`. */
export const layersOutput = (layers: readonly Layer[], shape: number[], prefix = 'layers'): number[] =>
  layers.reduce((current, layer, i) => outputShape(layer, current, `${prefix}.${i}`), shape)

/** Shape of one sample of the network's output. */
export const networkOutput = ({ input, layers }: Network): number[] => layersOutput(layers, input)

/** Every layer in model order: a container's own layers, list by list, before the container. */
export function placedLayers({ input, layers }: { input: number[]; layers: readonly Layer[] }, prefix = 'layers'): PlacedLayer[] {
  let shape = input
  return layers.flatMap((layer, i) => {
    const path = `${prefix}.${i}`
    const placed: PlacedLayer = { layer, path, input: shape, output: outputShape(layer, shape, path) }
    shape = placed.output
    const within = innerOf(layer).flatMap((inner) => placedLayers({ input: placed.input, layers: inner.layers }, `${path}.${inner.name}`))
    return [...within, placed]
  })
}

/** A parameter or running statistic, and how it begins. */
export type Parameter = ParameterSpec & { initial: InitialValues }

/** Those of one layer, in PyTorch's order and shapes. */
export const layerParameters = ({ layer, path, input }: PlacedLayer): Parameter[] =>
  (kindOf(layer).parameters?.(layer, input) ?? []).map(({ name, isTrainable = true, layout = 'rows', ...rest }) => ({
    path: `${path}.${name}`,
    trainable: isTrainable,
    layout,
    ...rest,
  }))

/** Those of a network in model order; the index is the parameter's ordinal. */
export const parametersOf = (network: Network): Parameter[] => placedLayers(network).flatMap(layerParameters)
