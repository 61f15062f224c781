import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { datasetFromFiles, kindOfFile, readFiles } from '../../src/data/files.ts'
import { loadPreset } from '../../src/data/presets.ts'
import { InputError } from '../../src/errors.ts'
import { nodeDataSource } from '../../tools/data-node.mjs'
import { cifar10File, zip } from '../files/images.ts'

const text = (content: string) => new TextEncoder().encode(content)
const names = ['plane', 'car', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']

describe('CIFAR-10', () => {
  test('batches in order, the test batch apart wherever it stands, pixels as they are', async () => {
    const files = [cifar10File('test_batch.bin', 3), cifar10File('data_batch_2.bin', 12), cifar10File('data_batch_1.bin', 2)]
    const dataset = await datasetFromFiles(files)
    expect(dataset).toMatchObject({
      name: 'CIFAR-10',
      inputShape: [3, 32, 32],
      outputs: 10,
      train: { count: 14 },
      test: { count: 3, y: Int32Array.of(0, 1, 2) },
    })
    expect(dataset.classes!.slice(0, 2)).toEqual(['airplane', 'automobile'])
    expect([...dataset.train.y]).toEqual([0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    expect(dataset.train.x).toBeInstanceOf(Uint8Array)
    expect(dataset.train.x.slice(0, 3072)).toEqual(files[2]!.bytes.slice(1, 3073))
    expect(dataset.train.x.slice(-3072)).toEqual(files[1]!.bytes.slice(-3072))
  })

  test('is standardised by each channel of the training part', async () => {
    const { scaling, train } = await datasetFromFiles([cifar10File('data_batch_1.bin', 20), cifar10File('test_batch.bin', 5)])
    for (let channel = 0; channel < 3; channel++) {
      const own = [...train.x].filter((_, i) => Math.floor(i / 1024) % 3 === channel).map((byte) => byte / 255)
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length
      const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length
      expect(scaling!.mean[channel]).toBeCloseTo(mean, 6)
      expect(scaling!.deviation[channel]).toBeCloseTo(Math.sqrt(variance), 6)
    }
    expect([scaling!.mean.length, scaling!.deviation.length]).toEqual([3, 3])
  })

  test('batches.meta.txt names the classes; packed, in a folder or in an archive it is the same', async () => {
    const [batch, meta] = [cifar10File('data_batch_1.bin', 5), text(`${names.join('\n')}\n\n`)]
    const plain = await datasetFromFiles([batch, { name: 'batches.meta.txt', bytes: meta }], { seed: 2 })
    expect(plain.classes).toEqual(names)
    expect([plain.train.count, plain.test!.count]).toEqual([4, 1])
    const same = (other: typeof plain) => Buffer.from(other.train.x.buffer).equals(Buffer.from(plain.train.x.buffer))
    const packed = { name: 'data_batch_1.bin.gz', bytes: new Uint8Array(gzipSync(batch.bytes)) }
    expect(same(await datasetFromFiles([packed], { seed: 2 }))).toBe(true)
    const entries = [
      { name: 'readme.html', bytes: text('<html>') },
      { name: 'batches.meta.txt', bytes: meta },
      { name: 'data_batch_1.bin', bytes: batch.bytes },
    ]
    const folder = await datasetFromFiles([{ name: 'cifar-10-batches-bin', entries }], { seed: 2 })
    expect([same(folder), folder.classes]).toEqual([true, names])
    const archive = { name: 'cifar.zip', bytes: zip({ 'x/data_batch_1.bin': batch.bytes }) }
    expect(same(await datasetFromFiles([archive], { seed: 2 }))).toBe(true)
  })

  test('is known by its names before its first bytes, which may be those of an IDX file', () => {
    const bytes = new Uint8Array(3073)
    bytes.set([0, 0, 8, 3])
    expect(kindOfFile({ name: 'a/data_batch_4.bin', bytes })).toBe('cifar10')
    expect(kindOfFile({ name: 'images.bin', bytes })).toBe('idx')
    expect(kindOfFile({ name: 'other.bin', bytes: Uint8Array.of(5, 5, 5, 5) })).toBe('cifar10')
  })

  const good = cifar10File('data_batch_1.bin', 2)
  const labelled = (label: number) => {
    const file = cifar10File('data_batch_2.bin', 3)
    file.bytes[3073] = label
    return file
  }
  test.each([
    [
      'a file cut off',
      [{ name: 'data_batch_3.bin', bytes: good.bytes.slice(0, 6000) }],
      'data_batch_3.bin: found 6000 bytes, expected a multiple of 3073, the bytes of one CIFAR-10 record; 2927 follow the last of 1 whole ones.',
    ],
    [
      'an empty file',
      [{ name: 'data_batch_3.bin', bytes: new Uint8Array() }],
      'data_batch_3.bin: found 0 bytes, expected a multiple of 3073',
    ],
    ['a label beyond', [good, labelled(10)], 'data_batch_2.bin: found label 10 in record 1 (counted from 0), expected 0 to 9.'],
    ['nothing to train on', [cifar10File('test_batch.bin', 2)], 'Of CIFAR-10 found test_batch.bin, expected its binary version'],
    [
      'names of other than ten classes',
      [good, { name: 'batches.meta.txt', bytes: text('a\nb\n') }],
      'batches.meta.txt: found 2 different names, expected those of ten classes, one a line.',
    ],
    [
      'other files among them',
      [good, { name: 'a.csv', bytes: text('a,b\n1,2\n') }],
      'Found data_batch_1.bin (cifar10), a.csv (csv), expected files of one kind',
    ],
  ])('refuses %s', async (_, files, message) => {
    const error = await readFiles(files).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).message).toContain(message)
  })

  test('its presets fit it, and say what they need without it', async () => {
    const cifar10 = await datasetFromFiles([cifar10File('data_batch_1.bin', 40), cifar10File('test_batch.bin', 10)])
    const { model, dataset } = await loadPreset('resnet20-cifar10', nodeDataSource, 4, cifar10)
    expect([model.input, model.seed, model.loss, dataset.classes!.length]).toEqual([[3, 32, 32], 4, 'crossEntropy', 10])
    expect(model.schedule).toEqual({ type: 'cosine', steps: 60, minimum: 0 })
    await expect(loadPreset('vgg-cifar10', nodeDataSource, 1)).rejects.toThrow(
      "The preset vgg-cifar10 trains on your own copy of CIFAR-10: found no files, expected its binary version's data_batch_1.bin to data_batch_5.bin and test_batch.bin.",
    )
  })
})
