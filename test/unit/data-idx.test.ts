import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { datasetFromFiles } from '../../src/data/files.ts'
import { parseIdx } from '../../src/data/idx.ts'
import { readIdxFiles } from '../../src/data/idx-files.ts'
import { labelledDataset, type LabelledOptions } from '../../src/data/labelled-dataset.ts'
import type { DataFile } from '../../src/data/source.ts'
import { InputError } from '../../src/errors.ts'

/** An IDX file from its type, sizes and the bytes of its values. */
const idx = (type: number, shape: number[], body: ArrayLike<number>) =>
  Uint8Array.from([
    0,
    0,
    type,
    shape.length,
    ...shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]),
    ...Array.from(body),
  ])

function bigEndian(values: number[], size: number, write: (view: DataView, at: number, value: number) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * size))
  values.forEach((value, i) => write(view, i * size, value))
  return new Uint8Array(view.buffer)
}

const images = (count: number, size = 2) => ({
  name: 'images',
  bytes: idx(
    8,
    [count, size, size],
    Array.from({ length: count * size * size }, (_, i) => i % 256),
  ),
})
const labels = (...values: number[]) => ({ name: 'labels', bytes: idx(8, [values.length], values) })

async function idxDataset(files: DataFile[], testFiles: DataFile[] = [], options: LabelledOptions & { classes?: string[] } = {}) {
  return labelledDataset(await readIdxFiles(files, testFiles, options.classes), options)
}

async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(InputError)
  return (error as InputError).message
}

describe('parseIdx', () => {
  test.each([
    ['u8', 8, Uint8Array.of(0, 7, 255), [0, 7, 255]],
    ['i8', 9, Uint8Array.of(0, 127, 128), [0, 127, -128]],
    ['i16', 11, bigEndian([1, -2, 32767], 2, (view, at, value) => view.setInt16(at, value)), [1, -2, 32767]],
    ['i32', 12, bigEndian([1, -2, 70000], 4, (view, at, value) => view.setInt32(at, value)), [1, -2, 70000]],
    ['f32', 13, bigEndian([0.5, -2, 1e10], 4, (view, at, value) => view.setFloat32(at, value)), [0.5, -2, 1e10]],
    ['f64', 14, bigEndian([0.1, -2, 1e100], 8, (view, at, value) => view.setFloat64(at, value)), [0.1, -2, 1e100]],
  ])('reads %s', async (type, code, body, values) => {
    for (const bytes of [idx(code, [3, 1], body), new Uint8Array(gzipSync(idx(code, [3, 1], body)))]) {
      const array = await parseIdx('file', bytes)
      expect(array).toMatchObject({ name: 'file', type, shape: [3, 1] })
      expect([...array.values]).toEqual(values)
    }
  })

  test('reads from the middle of a buffer and reads rank 5', async () => {
    const file = idx(8, [1, 2, 1, 2, 1], [1, 2, 3, 4])
    const shifted = new Uint8Array(file.length + 3)
    shifted.set(file, 3)
    expect(await parseIdx('file', shifted.subarray(3))).toMatchObject({ shape: [1, 2, 1, 2, 1], values: Uint8Array.of(1, 2, 3, 4) })
  })

  test.each([
    ['no bytes', new Uint8Array(0), 'file: found 0 bytes, expected an IDX file'],
    [
      'a wrong magic number',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0),
      'file: found the magic number 89 50 4e 47, expected that of an IDX file',
    ],
    ['an unknown type', Uint8Array.of(0, 0, 7, 1, 0, 0, 0, 0), 'found the magic number 00 00 07 01'],
    ['rank 0', Uint8Array.of(0, 0, 8, 0), 'found the magic number 00 00 08 00'],
    [
      'a header cut off',
      idx(8, [2, 2], []).subarray(0, 9),
      'file: found 9 bytes, expected a header of 12 for an IDX file of rank 2; the file is cut off.',
    ],
    ['values cut off', idx(8, [2, 2], [1, 2, 3]), 'file: found 15 bytes, expected 16 for shape 2×2 of type u8; the file is cut off.'],
    ['bytes left over', idx(11, [1], [1, 2, 3]), 'file: found 11 bytes, expected 10 for shape 1 of type i16; bytes are left over.'],
    [
      'gzip cut off',
      new Uint8Array(gzipSync(idx(8, [900], new Uint8Array(900)))).subarray(0, 25),
      'file: found gzip data that is damaged or cut off',
    ],
  ])('refuses %s', async (_, bytes, message) => {
    expect(await refusal(parseIdx('file', bytes))).toContain(message)
  })
})

describe('IDX files as a data set', () => {
  test('tells samples from labels by rank, keeps bytes, and scales by the training part', async () => {
    const held = { name: 'test-images', bytes: idx(8, [1, 2, 2], [255, 255, 255, 255]) }
    const dataset = await idxDataset([labels(0, 2), images(2)], [held, { ...labels(1), name: 'test-labels' }])
    expect(dataset).toMatchObject({
      inputShape: [4],
      outputs: 3,
      classes: ['0', '1', '2'],
      train: { count: 2, y: Int32Array.of(0, 2) },
      test: { count: 1 },
    })
    expect(dataset.train.x).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7))
    expect(dataset.scaling!.mean[0]).toBeCloseTo(3.5 / 255, 8)
    expect(dataset.scaling!.deviation[0]).toBeCloseTo(Math.sqrt(5.25) / 255, 8)
  })

  test('keeps the axes when asked, splits by seed, and takes float labels for targets', async () => {
    const targets = {
      name: 'targets',
      bytes: idx(
        13,
        [5],
        bigEndian([0, 1, 2, 3, 4.5], 4, (view, at, value) => view.setFloat32(at, value)),
      ),
    }
    const dataset = await idxDataset([images(5), targets], [], { keepAxes: true, seed: 3 })
    expect(dataset).toMatchObject({ inputShape: [1, 2, 2], outputs: 1, train: { count: 4 }, test: { count: 1 } })
    expect(dataset.classes).toBeUndefined()
    const row = [0, 1, 2, 3, 4.5].indexOf(dataset.test!.y[0]!)
    expect([...dataset.test!.x]).toEqual([0, 1, 2, 3].map((i) => 4 * row + i))
    expect((await idxDataset([images(5), targets], [], { seed: 3 })).test!.y).toEqual(dataset.test!.y)
  })

  const float = (value: number) => ({
    name: 'floats',
    bytes: idx(
      13,
      [1, 2],
      bigEndian([0, value], 4, (view, at, v) => view.setFloat32(at, v)),
    ),
  })
  test.each([
    [
      'counts that differ',
      () => idxDataset([images(2), labels(0, 1, 0)]),
      'labels: found 3 labels, expected 2, one for each sample of images.',
    ],
    [
      'no labels',
      () => idxDataset([images(2)]),
      'found images (rank 3), expected one of samples (rank 2 or more) and one of labels (rank 1)',
    ],
    ['two of samples', () => idxDataset([images(2), images(2)]), 'found images (rank 3), images (rank 3), expected one of samples'],
    ['no samples at all', () => idxDataset([images(0), labels()]), 'images: found no values (shape 0×2×2), expected at least one sample.'],
    [
      'a label beyond the classes',
      () => idxDataset([images(2), labels(1, 2)], [], { classes: ['a', 'b'] }),
      'labels: found label 2 at sample 1 (counted from 0), expected 0 to 1.',
    ],
    [
      'a label far from the others',
      () => idxDataset([images(3), labels(0, 200, 1)]),
      'labels: found label 200 at sample 1 (counted from 0), expected 0 to 1',
    ],
    [
      'a negative label',
      () => idxDataset([images(2), { name: 'labels', bytes: idx(9, [2], [1, 255]) }]),
      'labels: found label -1 at sample 1',
    ],
    [
      'a test label beyond',
      () => idxDataset([images(2), labels(0, 1)], [images(1), { ...labels(2), name: 'test' }]),
      'test: found label 2 at sample 0 (counted from 0), expected 0 to 1.',
    ],
    [
      'a test shape of its own',
      () => idxDataset([images(2), labels(0, 1)], [images(1, 3), labels(0)]),
      'images: found samples of shape 3×3, expected 2×2 as in images.',
    ],
    ['NaN', () => idxDataset([float(NaN), labels(0)]), 'floats: found NaN in sample 0 (counted from 0), expected a finite 32-bit number.'],
  ])('refuses %s', async (_, attempt, message) => {
    expect(await refusal(attempt())).toContain(message)
  })
})

describe('datasetFromFiles', () => {
  test('finds the test files among four by their names, packed or not', async () => {
    const files = [
      { ...images(3), name: 'train-images-idx3-ubyte' },
      { ...labels(0, 1, 0), name: 'train-labels-idx1-ubyte' },
      { name: 't10k-images-idx3-ubyte.gz', bytes: new Uint8Array(gzipSync(images(1).bytes)) },
      { ...labels(1), name: 'test/../t10k-labels-idx1-ubyte' },
    ]
    expect(await datasetFromFiles(files)).toMatchObject({ name: 'train-images-idx3-ubyte', train: { count: 3 }, test: { count: 1 } })
  })

  test('refuses what is named IDX and is not, kinds that do not mix, and nothing', async () => {
    const text = { name: 'train-images-idx3-ubyte', bytes: new TextEncoder().encode('<html>') }
    expect(await refusal(datasetFromFiles([text, labels(0)]))).toContain('train-images-idx3-ubyte: found the magic number 3c 68 74 6d')
    const csv = { name: 'a.csv', bytes: new TextEncoder().encode('a,b\n1,2\n') }
    expect(await refusal(datasetFromFiles([csv, images(1)]))).toContain(
      'Found a.csv (csv), images (idx), expected files of one kind: a table, IDX files, CIFAR-10 or a folder of images.',
    )
    expect(await refusal(datasetFromFiles([]))).toContain('expected a CSV or JSON file, two IDX files, CIFAR-10 or a folder of images.')
    expect(await refusal(datasetFromFiles([csv, csv, csv]))).toContain('Of tables to train on found a.csv, a.csv, a.csv, expected one.')
  })
})
