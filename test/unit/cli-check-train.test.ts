import { expect, test } from 'vitest'
import { checkTrain } from '../../src/cli/run-train.ts'
import { modelFormat } from '../../src/model/types.ts'

const text = (value: string) => new TextEncoder().encode(value)
const rows = 'a,b\n' + Array.from({ length: 20 }, (_, i) => `${i},${(i * i) % 7}.5`).join('\n')
const idx = (dims: number[], count: number) =>
  Uint8Array.of(0, 0, 8, dims.length, ...dims.flatMap((n) => [0, 0, 0, n]), ...Array.from({ length: count }, (_, i) => i % 2))
const model = (input: number[]) =>
  JSON.stringify({
    format: modelFormat,
    input,
    layers: [...(input.length > 1 ? [{ type: 'flatten' }] : []), { type: 'dense', units: input.length > 1 ? 2 : 1 }],
    loss: input.length > 1 ? 'crossEntropy' : 'mse',
    optimizer: { type: 'sgd', learningRate: 0.1 },
    batchSize: 4,
    seed: 1,
  })
const files: Record<string, Uint8Array<ArrayBuffer>> = {
  'table.json': text(model([1])),
  'images.json': text(model([1, 3, 3])),
  'train.csv': text(rows),
  'test.csv': text(rows),
  'train-images-idx3-ubyte': idx([8, 3, 3], 72),
  'train-labels-idx1-ubyte': idx([8], 8),
}
const host = { source: async (name: string) => files[name]! }
const images = { model: 'images.json', data: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'] }

test('a share to test on is refused where the data bring a part of their own, and taken where they do not', async () => {
  await expect(checkTrain({ model: 'table.json', data: ['train.csv', 'test.csv'], testFraction: 0.3 }, host)).rejects.toThrow(
    '--test-fraction 0.3: train.csv brings a test part of its own, expected data without one.',
  )
  await checkTrain({ model: 'table.json', data: ['train.csv'], testFraction: 0 }, host)
  await checkTrain({ model: 'table.json', data: ['train.csv', 'test.csv'] }, host)
})

test('a target is refused where the data bring their labels', async () => {
  await checkTrain(images, host)
  await expect(checkTrain({ ...images, target: 'price' }, host)).rejects.toThrow(
    '--target price: train-images-idx3-ubyte brings its own labels, expected a table (CSV, JSON) for a column to predict.',
  )
})
