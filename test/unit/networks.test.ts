import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { densenet40, googlenet, lenet5, resnet20, vgg } from '../../src/model/networks/index.ts'
import { sizeOf } from '../../src/model/shape.ts'
import { networkOutput, parametersOf, placedLayers } from '../../src/model/shapes.ts'
import type { Network } from '../../src/model/types.ts'

const digits = [1, 28, 28]
const photographs = [3, 32, 32]
const trainable = (network: Network) =>
  parametersOf(network).reduce((sum, { shape, trainable: counts }) => sum + (counts ? sizeOf(shape) : 0), 0)
const count = (network: Network, ...types: string[]) => placedLayers(network).filter(({ layer }) => types.includes(layer.type)).length
const shapesOf = (network: Network, type: string) => [
  ...new Set(
    placedLayers(network)
      .filter(({ layer }) => layer.type === type)
      .map(({ output }) => output.join('×')),
  ),
]

describe('networks of the papers', () => {
  test('LeNet-5 on digits is the recorded run’s', () => {
    const golden = JSON.parse(readFileSync(new URL('../goldens/lenet5.json', import.meta.url), 'utf8'))
    expect(lenet5(digits, 10)).toEqual({ input: golden.input, layers: golden.layers })
    // The paper's own size needs no padding
    expect(lenet5([1, 32, 32], 10).layers[0]).toEqual({ type: 'conv2d', filters: 6, kernel: 5 })
    expect(trainable(lenet5([1, 32, 32], 10))).toBe(61_706)
  })

  test('VGG: 8 weight layers, three halvings', () => {
    expect(count(vgg(photographs, 10), 'conv2d', 'dense')).toBe(8)
    expect(shapesOf(vgg(photographs, 10), 'maxPool2d')).toEqual(['32×16×16', '64×8×8', '128×4×4'])
    expect(shapesOf(vgg(digits, 10), 'maxPool2d')).toEqual(['32×14×14', '64×7×7', '128×3×3'])
  })

  test('GoogLeNet: three Inception modules of four branches, a quarter of the paper’s width', () => {
    const modules = placedLayers(googlenet(photographs, 10)).filter(({ layer }) => layer.type === 'concat')
    expect(modules.map(({ layer }) => layer.type === 'concat' && layer.branches.length)).toEqual([4, 4, 4])
    expect(modules.map(({ output }) => output[0])).toEqual([256 / 4, 480 / 4, 512 / 4])
  })

  test('ResNet-20: 19 convolutions and a dense layer beside two projections, the paper’s 0.27 M parameters', () => {
    const network = resnet20(photographs, 10)
    const outside = placedLayers(network).filter(({ layer, path }) => layer.type === 'conv2d' && !path.includes('shortcut'))
    expect([outside.length + count(network, 'dense'), count(network, 'residual')]).toEqual([20, 9])
    expect(shapesOf(network, 'residual')).toEqual(['16×32×32', '32×16×16', '64×8×8'])
    expect(Math.round(trainable(network) / 1e4)).toBe(27)
  })

  test('DenseNet-40: 39 convolutions and a dense layer, the paper’s 1.0 M parameters and channels', () => {
    const network = densenet40(photographs, 10)
    expect([count(network, 'conv2d') + count(network, 'dense'), count(network, 'concat')]).toEqual([40, 36])
    expect(placedLayers(network).at(-2)!.output).toEqual([448])
    expect(Math.round(trainable(network) / 1e5)).toBe(10)
  })

  test.each([lenet5, vgg, googlenet, resnet20, densenet40])('%o ends in its classes, on either kind of image', (build) => {
    for (const input of [digits, photographs]) expect(networkOutput(build(input, 7))).toEqual([7])
  })

  test.each([vgg, googlenet, resnet20, densenet40])('%o begins its convolutions as He et al. say', (build) => {
    const network = build(photographs, 10)
    const layers = new Map(placedLayers(network).map(({ path, input, layer }) => [path, { input, layer }]))
    const weights = parametersOf(network).filter(({ path, shape }) => path.endsWith('.weight') && shape.length === 4)
    expect(weights.length).toBeGreaterThan(5)
    for (const { path, initial } of weights) {
      const { input, layer } = layers.get(path.slice(0, -'.weight'.length))!
      const inputs = layer.type === 'conv2d' ? input[0]! * layer.kernel ** 2 : NaN
      expect(initial).toEqual({ kind: 'normal', deviation: Math.sqrt(2 / inputs) })
    }
  })

  test('an image too small for one is refused by the layer it does not fit', () => {
    expect(() => vgg([1, 4, 4], 10)).toThrow('maxPool2d at layers.14 has windows of 2 on a padded input of 1 × 1, expected ones that fit')
  })
})
