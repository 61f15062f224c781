import { InputError } from '../errors.ts'
import { layerDefaults } from './defaults.ts'
import type { Layer, Network, ParameterSpec } from './types.ts'

/** A layer where it stands: its path, and the shapes of one sample before and after it. */
export interface PlacedLayer {
  layer: Layer
  path: string
  input: number[]
  output: number[]
}

/** Elements of a shape. */
export const sizeOf = (shape: number[]): number => shape.reduce((product, size) => product * size, 1)

/** A shape as messages print it: `[1, 28, 28]`. */
export const shapeText = (shape: number[]): string => `[${shape.join(', ')}]`

export const sameShape = (a: number[], b: number[]): boolean => a.length === b.length && a.every((size, i) => size === b[i])

/** Shape of one sample after `layer`, whose path tells an InputError where shapes do not chain. */
export function outputShape(layer: Layer, shape: number[], path: string): number[] {
  switch (layer.type) {
    case 'dense':
      if (shape.length !== 1) {
        throw new InputError(`dense at ${path} takes [features], found ${shapeText(shape)}; a flatten before it makes them one row`)
      }
      return [layer.units]
    case 'flatten':
      return [sizeOf(shape)]
    case 'residual': {
      const main = layersOutput(layer.layers, shape, `${path}.layers`)
      const shortcut = layersOutput(layer.shortcut ?? [], shape, `${path}.shortcut`)
      if (!sameShape(main, shortcut)) {
        throw new InputError(
          `residual at ${path} adds two shapes that differ: its layers give ${shapeText(main)}, its shortcut ${shapeText(shortcut)}`,
        )
      }
      return main
    }
    case 'concat': {
      const shapes = layer.branches.map((branch, b) => layersOutput(branch, shape, `${path}.branches.${b}`))
      const [first, ...others] = shapes
      if (!first) throw new InputError(`concat at ${path} has no branches, expected at least one`)
      for (const other of others) {
        if (!sameShape(first.slice(1), other.slice(1))) {
          throw new InputError(
            `concat at ${path} joins shapes that differ beyond the first dimension: ${shapes.map(shapeText).join(' and ')}`,
          )
        }
      }
      return [shapes.reduce((sum, [size]) => sum + size!, 0), ...first.slice(1)]
    }
    default:
      return shape
  }
}

/** Shape of one sample after a list of layers; the paths start with `prefix`. */
export function layersOutput(layers: Layer[], shape: number[], prefix = 'layers'): number[] {
  return layers.reduce((current, layer, i) => outputShape(layer, current, `${prefix}.${i}`), shape)
}

/** Shape of one sample of the network's output. */
export const networkOutput = ({ input, layers }: Network): number[] => layersOutput(layers, input)

/** Every layer in model order: a container's own layers (`layers`, then `shortcut`; branches in order) before the container. */
export function placedLayers({ input, layers }: Network, prefix = 'layers'): PlacedLayer[] {
  let shape = input
  return layers.flatMap((layer, i) => {
    const path = `${prefix}.${i}`
    const within = (inner: Layer[], name: string): PlacedLayer[] => placedLayers({ input: placed.input, layers: inner }, `${path}.${name}`)
    const placed: PlacedLayer = { layer, path, input: shape, output: outputShape(layer, shape, path) }
    shape = placed.output
    if (layer.type === 'residual') return [...within(layer.layers, 'layers'), ...within(layer.shortcut ?? [], 'shortcut'), placed]
    if (layer.type === 'concat') return [...layer.branches.flatMap((branch, b) => within(branch, `branches.${b}`)), placed]
    return [placed]
  })
}

/** Parameters and running statistics of one layer, in PyTorch's order and shapes. */
export function layerParameters({ layer, path, input }: PlacedLayer): ParameterSpec[] {
  const spec = (name: string, shape: number[], trainable = true): ParameterSpec => ({ path: `${path}.${name}`, shape, trainable })
  switch (layer.type) {
    case 'dense': {
      const weight = spec('weight', [layer.units, input[0]!])
      return (layer.bias ?? layerDefaults.bias) ? [weight, spec('bias', [layer.units])] : [weight]
    }
    case 'batchNorm': {
      const channels = [input[0]!]
      return [spec('weight', channels), spec('bias', channels), spec('running_mean', channels, false), spec('running_var', channels, false)]
    }
    case 'layerNorm':
      return [spec('weight', input), spec('bias', input)]
    default:
      return []
  }
}

/** Parameters and running statistics of a network in model order; the index is the parameter's ordinal. */
export const parametersOf = (network: Network): ParameterSpec[] => placedLayers(network).flatMap(layerParameters)
