import { expect, test } from 'vitest'
import { neuronColourOf, neuronGradientColourOf, type Rgb } from '../../src/view/colour.ts'
import { colourAt, expectColour, stage } from './view-stage.ts'

test('neurons have the colours of the chosen sample’s values, non-finite ones magenta', async () => {
  const scene = await stage([3, 4, 2])
  const { activation, gradient } = scene.observation.columns[1]!
  const write = (buffer: GPUBuffer, sample: number, values: number[]) =>
    scene.device.queue.writeBuffer(buffer, 4 * 4 * sample, new Float32Array(values))
  write(activation.buffer, 0, [0.5, -0.25, 0, NaN])
  write(activation.buffer, 2, [-1, 1, 2, -2])
  write(gradient!.buffer, 2, [1e-9, -1e-9, 0, 4e-9])
  const expectNeurons = (values: number[], colour: (value: number) => Rgb) => {
    const image = scene.picture()
    values.forEach((value, index) => {
      const place = scene.view.locate({ kind: 'neuron', column: 1, path: 'layers.0', index })
      expectColour(colourAt(image, place), colour(value))
    })
  }
  expectNeurons([0.5, -0.25, 0, NaN], (value) => neuronColourOf(value, 0.5))
  scene.view.set({ sample: 2 })
  expectNeurons([-1, 1, 2, -2], (value) => neuronColourOf(value, 2))
  scene.view.set({ neurons: 'gradient' })
  scene.picture()
  const [input, first] = await scene.view.neuronLegend()
  expect(input).toEqual({ path: 'input', lo: 0, hi: 0, nan: 0, infinite: 0, count: 0 })
  expect(first!.hi).toBe(Math.fround(4e-9))
  expect(first!.lo / 1e-9).toBeGreaterThan(1 - 1 / 8)
  expect(first!.lo / 1e-9).toBeLessThanOrEqual(1)
  expectNeurons([1e-9, -1e-9, 0, 4e-9], (value) => neuronGradientColourOf(value, first!.lo, first!.hi))
  const place = scene.view.locate({ kind: 'neuron', column: 0, path: 'input', index: 0 })
  expectColour(colourAt(scene.picture(), place), neuronColourOf(0, 1))
  expect(() => scene.view.set({ sample: -1 })).toThrow('set: sample is -1, expected an integer of at least 0')
})

test('a layer whose gradients are a thousandth of the others’ has colours of its own, and on the global scale those of its size', async () => {
  const scene = await stage([2, 16, 16], { neurons: 'gradient' })
  const values = Array.from({ length: 16 }, (_, i) => (i % 2 ? -1 : 1) * 2 ** (i / 2))
  const write = (column: number, scale: number) =>
    scene.device.queue.writeBuffer(scene.observation.columns[column]!.gradient!.buffer, 0, new Float32Array(values.map((v) => v * scale)))
  write(1, 2 ** -20)
  write(2, 2 ** -10)
  const colours = (column: number) => {
    const image = scene.picture()
    return values.map((_, index) => colourAt(image, scene.view.locate({ kind: 'neuron', column, path: '', index })))
  }
  const [deep, shallow] = [colours(1), colours(2)]
  deep.forEach((colour, i) => expectColour(colour, shallow[i]!))
  expect(new Set(deep.map(String)).size).toBe(16)
  scene.view.set({ scale: 'global' })
  scene.picture()
  const [all] = await scene.view.neuronLegend()
  expect(all!.path).toBe('all')
  colours(1).forEach((colour, i) => expectColour(colour, neuronGradientColourOf(values[i]! * 2 ** -20, all!.lo, all!.hi)))
})

test('neuron ranges leave zeros and what is not finite out', async () => {
  const scene = await stage([2, 40, 1], { neurons: 'gradient' })
  const values = Array.from({ length: 40 }, (_, i) => (i < 10 ? 0 : i < 15 ? NaN : i < 18 ? -Infinity : 2 ** (i - 30)))
  scene.device.queue.writeBuffer(scene.observation.columns[1]!.gradient!.buffer, 0, new Float32Array(values))
  scene.picture()
  const [input, hidden, output] = await scene.view.neuronLegend()
  // 22 are left: the 5th percentile is the second.
  expect(hidden).toEqual({ path: 'layers.0', lo: 2 ** -11, hi: 2 ** 9, nan: 5, infinite: 3, count: 40 })
  expect([input!.count, output!.count, output!.nan]).toEqual([0, 1, 0])
  scene.view.set({ scale: 'global' })
  scene.picture()
  expect((await scene.view.neuronLegend())[0]).toMatchObject({ path: 'all', nan: 5, infinite: 3, count: 41 })
})
