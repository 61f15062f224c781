import { describe, expect, test } from 'vitest'
import { readFiles } from '../../src/data/files.ts'
import { labelledDataset } from '../../src/data/labelled-dataset.ts'
import { previewLabelled, samplePicture, sampleRows } from '../../src/data/labelled-preview.ts'
import type { DataFile } from '../../src/data/source.ts'

async function idxFromFiles(files: DataFile[]) {
  const read = await readFiles(files)
  if (read.kind !== 'idx') throw new Error(`read as ${read.kind}`)
  return read.labelled
}
const word = (value: number) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]
const idx = (name: string, shape: number[], values: number[]) => ({
  name,
  bytes: Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap(word), ...values]),
})
const ramp = (count: number) => Array.from({ length: count }, (_, i) => i)
const floats = (name: string, values: number[]) => {
  const bytes = new Uint8Array(8 + 4 * values.length)
  bytes.set([0, 0, 13, 1, ...word(values.length)])
  values.forEach((value, i) => new DataView(bytes.buffer).setFloat32(8 + 4 * i, value))
  return { name, bytes }
}

describe('IDX files before anything trains', () => {
  const images = idx('images', [4, 2, 3], ramp(24))
  const labels = idx('labels', [4], [2, 0, 0, 2])

  test('tell counts, size and classes, those that are absent too', async () => {
    const testFiles = [idx('t10k-images', [1, 2, 3], ramp(6)), idx('t10k-labels', [1], [1])]
    expect(previewLabelled(await idxFromFiles([...testFiles, labels, images]))).toEqual({
      count: 4,
      testCount: 1,
      size: '2 × 3',
      values: { code: 'note.bytes', values: {} },
      classes: [
        { name: '0', count: 2 },
        { name: '1', count: 1 },
        { name: '2', count: 2 },
      ],
    })
    expect(previewLabelled(await idxFromFiles([images, floats('targets', [3, -1.5, 0, 2])]))).toMatchObject({
      targets: { least: -1.5, greatest: 3 },
    })
  })

  test('show each class in turn', async () => {
    const files = await idxFromFiles([images, labels])
    expect(sampleRows(files, 2)).toEqual([1, 0])
    expect(sampleRows(files, 3)).toEqual([1, 0])
    expect(sampleRows(files, 99)).toEqual([1, 2, 0, 3])
  })

  test('show a sample as it is: grey, in colours first or last, a row as a strip', async () => {
    const pictureOf = async (shape: number[]) => {
      const size = shape.reduce((product, length) => product * length, 1)
      const files = await idxFromFiles([idx('x', [2, ...shape], ramp(2 * size)), idx('y', [2], [0, 1])])
      const { width, height, rgba } = samplePicture(files, 1)
      return { width, height, second: [...rgba.subarray(4, 8)] }
    }
    expect(await pictureOf([2, 3])).toEqual({ width: 3, height: 2, second: [7, 7, 7, 255] })
    expect(await pictureOf([5])).toEqual({ width: 5, height: 1, second: [6, 6, 6, 255] })
    expect(await pictureOf([3, 2, 4])).toEqual({ width: 4, height: 2, second: [25, 33, 41, 255] })
    expect(await pictureOf([4, 2, 3])).toEqual({ width: 2, height: 4, second: [27, 28, 29, 255] })
  })

  test('are scaled as chosen', async () => {
    const files = await idxFromFiles([images, labels])
    const of = (scaling: 'standardise' | 'none') => labelledDataset(files, { scaling, testFraction: 0 }).scaling!
    expect([of('none').mean[0], of('none').deviation[0]]).toEqual([0, 1])
    expect(of('standardise').mean[0]).toBeCloseTo(11.5 / 255, 8)
  })
})
