import { InputError } from '../errors.ts'
import { layerDefaults } from './defaults.ts'
import type { AvgPool2dLayer, Conv2dLayer, Layer, MaxPool2dLayer, Network, ParameterSpec } from './types.ts'

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
    case 'conv2d':
      return convOutput(layer, shape, path)
    case 'maxPool2d':
    case 'avgPool2d':
      return poolOutput(layer, shape, path)
    case 'globalAvgPool2d':
      return [imageOf(layer, shape, path)[0]]
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
      const odd = others.findIndex((other) => !sameShape(first.slice(1), other.slice(1))) + 1
      if (odd > 0) {
        const expected = ['any number', ...first.slice(1)].join(', ')
        throw new InputError(
          `concat at ${path} joins shapes that differ beyond the first dimension: ${shapeText(first)} of branches.0 and ${shapeText(shapes[odd]!)} of branches.${odd}, expected [${expected}]`,
        )
      }
      return [shapes.reduce((sum, [size]) => sum + size!, 0), ...first.slice(1)]
    }
    default:
      return shape
  }
}

/** The shape where the layer takes images. */
function imageOf({ type }: Layer, shape: number[], path: string): [channels: number, height: number, width: number] {
  if (shape.length !== 3) throw new InputError(`${type} at ${path} takes [channels, height, width], found ${shapeText(shape)}`)
  return shape as [number, number, number]
}

/** Windows of `extent` that fit a padded length, `stride` apart. */
const windows = (length: number, extent: number, stride: number, padding: number) =>
  Math.floor((length + 2 * padding - extent) / stride) + 1

function convOutput(layer: Conv2dLayer, shape: number[], path: string): number[] {
  const { filters, kernel, stride, padding, dilation, groups } = { ...layerDefaults, ...layer }
  const [channels, height, width] = imageOf(layer, shape, path)
  if (channels % groups)
    throw new InputError(`conv2d at ${path} has ${groups} groups, expected a number that divides its input's ${channels} channels`)
  if (filters % groups)
    throw new InputError(`conv2d at ${path} has ${groups} groups, expected a number that divides its ${filters} filters`)
  const extent = dilation * (kernel - 1) + 1
  if (extent > Math.min(height, width) + 2 * padding) {
    const dilated = dilation > 1 ? `, dilated to ${extent},` : ''
    const padded = `${height + 2 * padding} × ${width + 2 * padding}`
    throw new InputError(`conv2d at ${path} has a kernel of ${kernel}${dilated} on a padded input of ${padded}, expected one that fits`)
  }
  return [filters, windows(height, extent, stride, padding), windows(width, extent, stride, padding)]
}

function poolOutput(layer: MaxPool2dLayer | AvgPool2dLayer, shape: number[], path: string): number[] {
  const { size, stride = size } = layer
  const padding = layer.type === 'maxPool2d' ? (layer.padding ?? 0) : 0
  const [channels, height, width] = imageOf(layer, shape, path)
  if (2 * padding > size)
    throw new InputError(`${layer.type} at ${path} has a padding of ${padding}, expected at most half its size ${size}`)
  if (size > Math.min(height, width) + 2 * padding) {
    const padded = `${height + 2 * padding} × ${width + 2 * padding}`
    throw new InputError(`${layer.type} at ${path} has windows of ${size} on a padded input of ${padded}, expected ones that fit`)
  }
  return [channels, windows(height, size, stride, padding), windows(width, size, stride, padding)]
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
  const spec = (name: 'weight' | 'bias', shape: number[]): ParameterSpec => ({
    path: `${path}.${name}`,
    shape,
    trainable: true,
    kind: name,
  })
  const ofNorm = (name: string, shape: number[], trainable = true): ParameterSpec => ({
    path: `${path}.${name}`,
    shape,
    trainable,
    kind: 'norm',
  })
  switch (layer.type) {
    case 'dense': {
      const weight = spec('weight', [layer.units, input[0]!])
      return (layer.bias ?? layerDefaults.bias) ? [weight, spec('bias', [layer.units])] : [weight]
    }
    case 'conv2d': {
      const { filters, kernel, groups, bias } = { ...layerDefaults, ...layer }
      const weight = spec('weight', [filters, input[0]! / groups, kernel, kernel])
      return bias ? [weight, spec('bias', [filters])] : [weight]
    }
    case 'batchNorm': {
      const channels = [input[0]!]
      return [
        ofNorm('weight', channels),
        ofNorm('bias', channels),
        ofNorm('running_mean', channels, false),
        ofNorm('running_var', channels, false),
      ]
    }
    case 'layerNorm':
      return [ofNorm('weight', input), ofNorm('bias', input)]
    default:
      return []
  }
}

/** Parameters and running statistics of a network in model order; the index is the parameter's ordinal. */
export const parametersOf = (network: Network): ParameterSpec[] => placedLayers(network).flatMap(layerParameters)
