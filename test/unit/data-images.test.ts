import { describe, expect, test } from 'vitest'
import { datasetFromFiles, readFiles, type DataInput } from '../../src/data/files.ts'
import { readImageFolder } from '../../src/data/image-folder.ts'
import { decodeImages, labelledImages } from '../../src/data/image-set.ts'
import { resample } from '../../src/data/resample.ts'
import { InputError } from '../../src/errors.ts'
import { decodeInNode as decode } from '../../tools/decode-node.mjs'
import { jpg, png, zip } from '../files/images.ts'
import { spoken } from './spoken.ts'

const red = png(4, 2, () => [255, 0, 0])
const grey = (value: number) => png(3, 3, () => [value, value, value])
const folder = (name: string, files: Record<string, Uint8Array>) => ({
  name,
  entries: Object.entries(files).map(([path, bytes]) => ({ name: path, bytes })),
})
const none = new Uint8Array()
const images = async (files: Record<string, Uint8Array>, options = {}) =>
  datasetFromFiles([folder('pets', files)], { decode, testFraction: 0, ...options })

async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(InputError)
  return (error as InputError).message
}

describe('folders of images', () => {
  test('one folder a class, in the order of their names, numbers by value', async () => {
    const {
      classes,
      train,
      test: held,
    } = readImageFolder(folder('x', { '10/a.png': red, '9/b.png': red, '9/deep/c.png': red, '2/d.png': red }))
    expect(classes).toEqual(['2', '9', '10'])
    expect(train.map(({ file, label }) => [file.name, label])).toEqual([
      ['x/10/a.png', 2],
      ['x/9/b.png', 1],
      ['x/9/deep/c.png', 1],
      ['x/2/d.png', 0],
    ])
    expect(held).toBeUndefined()
  })

  test('folders around them, clutter and texts beside them are passed over', () => {
    const { classes, train, notes } = readImageFolder(
      folder('x.zip', {
        'pets/': none,
        'pets/README.md': none,
        'pets/.DS_Store': none,
        '__MACOSX/pets/cats/._1.png': none,
        'pets/cats/1.png': red,
        'pets/cats/Thumbs.db': none,
        'pets/dogs/1.png': red,
      }),
    )
    expect([classes, train.length, spoken(notes)]).toEqual([['cats', 'dogs'], 2, ['README.md is not used.']])
  })

  test('folders named train and test are the split; one to validate on is not used', () => {
    const files = { 'Train/a/1.png': red, 'Train/b/2.png': red, 'val/a/3.png': red, 'test/b/4.png': red }
    const read = readImageFolder(folder('x', files))
    expect(read.train.map(({ label }) => label)).toEqual([0, 1])
    expect(read.test!.map(({ file, label }) => [file.name, label])).toEqual([['x/test/b/4.png', 1]])
    expect(spoken(read.notes)).toEqual(['The folder val is not used.'])
  })

  test('a folder of its own to test on', async () => {
    const read = await readFiles([folder('a', { 'x/1.png': red, 'y/1.png': red })], { testFiles: [folder('b', { 'y/2.png': red })] })
    expect(read.kind === 'images' && [read.folder.train.length, read.folder.test!.map(({ label }) => label)]).toEqual([2, [1]])
  })

  test.each<[string, DataInput[], string]>([
    ['an empty class', [folder('pets', { 'cats/1.png': red, 'birds/': none, 'dogs/1.png': red })], 'pets: found the folder birds empty'],
    ['one class', [folder('pets', { 'cats/1.png': red })], 'pets: found one class, cats, expected one folder of images for each class'],
    [
      'images without a class',
      [folder('pets', { '1.png': red })],
      'pets: found no folder of images, expected one folder of images for each',
    ],
    [
      'an image beside the classes',
      [folder('pets', { 'a/1.png': red, 'b/1.png': red, '2.png': red })],
      'pets/2.png: found an image outside the folders of the classes',
    ],
    ['nothing', [folder('pets', {})], 'pets: found no folder of images'],
    [
      'a class to test on that nothing trains',
      [folder('pets', { 'train/a/1.png': red, 'train/b/1.png': red, 'test/c/1.png': red })],
      'pets: found the class c to test on, expected those that are trained on: a, b.',
    ],
    [
      'an archive of something else',
      [{ name: 'book.xlsx', bytes: zip({ 'xl/sheet.xml': none }) }],
      'book.xlsx: found one class, xl, expected',
    ],
    ['one image alone', [{ name: 'cat.png', bytes: red }], 'cat.png: found a PNG image, expected a table'],
  ])('refuses %s', async (_, files, message) => expect(await refusal(readFiles(files))).toContain(message))
})

describe('images as a data set', () => {
  test('in colour where one pixel is, planes of each colour, the size that most have', async () => {
    const gradient = png(4, 2, (x, y) => [10 * x, 20 * y, 7])
    const { inputShape, train, classes, scaling, notes } = await images({
      'a/1.png': red,
      'a/2.png': gradient,
      'b/3.png': png(8, 4, () => [0, 255, 0]),
    })
    expect([inputShape, classes, scaling!.mean.length]).toEqual([[3, 2, 4], ['a', 'b'], 3])
    expect(Array.from(train.x.slice(0, 24))).toEqual([...Array(8).fill(255), ...Array(16).fill(0)])
    expect(Array.from(train.x.slice(24, 48))).toEqual([0, 10, 20, 30, 0, 10, 20, 30, 0, 0, 0, 0, 20, 20, 20, 20, 7, 7, 7, 7, 7, 7, 7, 7])
    expect(Array.from(train.x.slice(48))).toEqual([...Array(8).fill(0), ...Array(8).fill(255), ...Array(8).fill(0)])
    expect(spoken(notes)).toEqual(['1 image was resized and centre-cropped to 4 × 2 pixels.'])
  })

  test('in grey where all are, transparent pixels on white', async () => {
    const clear = png(3, 3, (x) => [0, 0, 0, x === 0 ? 0 : 255])
    const { inputShape, train, scaling } = await images({ 'a/1.png': grey(9), 'b/2.png': clear })
    expect([inputShape, scaling!.mean.length]).toEqual([[1, 3, 3], 1])
    expect([...train.x]).toEqual([...Array(9).fill(9), 255, 0, 0, 255, 0, 0, 255, 0, 0])
  })

  test('in the size and the colours that are asked for', async () => {
    const options = { images: { size: { width: 2, height: 2 }, colours: 'grey' } }
    const { inputShape, train, notes } = await images({ 'a/1.png': red, 'b/2.png': png(4, 2, () => [0, 0, 255]) }, options)
    expect(inputShape).toEqual([1, 2, 2])
    expect([...train.x]).toEqual([...Array(4).fill(Math.round(0.299 * 255)), ...Array(4).fill(Math.round(0.114 * 255))])
    expect(spoken(notes).at(-1)).toBe('Colours become grey by their luminance.')
  })

  test('JPEG too, near its colours', async () => {
    const { inputShape, train } = await images({ 'a/1.jpg': jpg(8, 8, () => [200, 40, 90]), 'b/2.jpeg': jpg(8, 8, () => [10, 20, 30]) })
    expect(inputShape).toEqual([3, 8, 8])
    for (const [channel, value] of [200, 40, 90].entries()) expect(Math.abs(train.x[64 * channel]! - value)).toBeLessThan(4)
  })

  test('large ones are kept reduced, unless a larger size is asked for', async () => {
    const read = readImageFolder(folder('x', { 'a/1.png': png(400, 200, () => [1, 2, 3]), 'b/1.png': png(400, 200, () => [1, 2, 3]) }))
    const set = await decodeImages(read, decode)
    expect([set.usualSize, set.otherSizes, set.grey]).toEqual([{ width: 128, height: 64 }, 0, false])
    expect((await decodeImages(read, decode, { wanted: { width: 300, height: 300 } })).usualSize).toEqual({ width: 300, height: 150 })
  })

  test('an archive is the same as its folder, the split of train and test kept', async () => {
    const files = { 'train/a/1.png': grey(1), 'train/b/2.png': grey(2), 'test/a/3.png': grey(3) }
    const archive = await datasetFromFiles([{ name: 'pets', bytes: zip(files) }], { decode })
    expect(archive).toEqual(await images(files))
    expect([archive.train.count, archive.test!.count, archive.test!.x[0]]).toEqual([2, 1, 3])
  })

  test.each([
    ['cut off', red.slice(0, 40)],
    ['with a changed byte', Uint8Array.from(red, (byte, i) => (i === 45 ? byte ^ 1 : byte))],
    ['that is text', new TextEncoder().encode('<svg>')],
    ['that is empty', none],
    ['in JPEG, cut off', jpg(8, 8, () => [1, 2, 3]).slice(0, 200)],
  ])('an image %s is named', async (_, bytes) => {
    expect(await refusal(images({ 'cats/1.png': red, 'dogs/2.png': bytes }))).toBe(
      `pets/dogs/2.png: found ${bytes.length} bytes that do not decode as an image, expected a whole PNG or JPEG file.`,
    )
  })
})

describe('resampling', () => {
  const row = (...values: number[]) => ({
    width: values.length,
    height: 1,
    rgb: Uint8Array.from(values.flatMap((value) => [value, value, value])),
  })
  const values = ({ rgb }: { rgb: Uint8Array }) => [...rgb].filter((_, i) => i % 3 === 0)

  test('of the same size changes nothing', () => expect(resample(row(1, 2, 3), 3, 1)).toEqual(row(1, 2, 3)))
  test('an even picture stays even, whatever its shapes', () => {
    const even = { width: 7, height: 5, rgb: new Uint8Array(105).fill(77) }
    for (const [width, height] of [
      [3, 9],
      [20, 2],
      [1, 1],
    ] as const)
      expect([...resample(even, width, height).rgb]).toEqual(Array(3 * width * height).fill(77))
  })
  test('half the size averages, the middle is kept of what is too long', () => {
    const wide = { width: 6, height: 2, rgb: Uint8Array.from([0, 0, 100, 100, 0, 0, 0, 0, 100, 100, 0, 0].flatMap((v) => [v, v, v])) }
    expect(values(resample(wide, 2, 2))).toEqual([100, 100, 100, 100])
    expect(values(resample(wide, 3, 1))).toEqual([14, 75, 14])
  })
  test('twice the size blends neighbours', () => {
    const two = { width: 2, height: 2, rgb: Uint8Array.from([0, 100, 0, 100].flatMap((v) => [v, v, v])) }
    expect(values(resample(two, 4, 4)).slice(0, 4)).toEqual([0, 25, 75, 100])
  })
})

test('a set keeps its samples apart from their pictures', async () => {
  const set = await decodeImages(readImageFolder(folder('x', { 'a/1.png': grey(5), 'b/1.png': grey(6) })), decode)
  expect(labelledImages(set)).toMatchObject({
    axes: [1, 3, 3],
    classes: ['a', 'b'],
    whole: { samples: { name: 'x', shape: [2, 1, 3, 3] }, labels: { values: Int32Array.of(0, 1) } },
  })
})
