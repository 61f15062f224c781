/** What a preview says of samples before they are made is what becomes of them. */
import { describe, expect, test } from 'vitest'
import { samplesAtHand, samplesOfImages, scaledChannels } from '../../src/app/data/import-samples.ts'
import { fittedOn, sumSamples } from '../../src/app/data/sample-sums.ts'
import { splitCounts } from '../../src/app/data/split-counts.ts'
import { labelledImages, type ImageSet } from '../../src/data/image-set.ts'
import { labelledDataset } from '../../src/data/labelled-dataset.ts'
import type { Labelled, SampleArray } from '../../src/data/labelled.ts'
import { splitSamples } from '../../src/data/split.ts'

const ongoing = new AbortController().signal
const labelled = (type: SampleArray['type'], axes: number[], values: SampleArray['values']): Labelled => {
  const count = values.length / axes.reduce((product, size) => product * size, 1)
  return {
    whole: {
      samples: { name: 'x', type, shape: [count, ...axes], values },
      labels: { name: 'y', type: 'u8', shape: [count], values: new Uint8Array(count) },
    },
    axes,
    classes: ['a', 'b'],
  }
}
const noise = (i: number) => Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1

describe('the scaling', () => {
  test.each<[string, Labelled, boolean]>([
    [
      'bytes',
      labelled(
        'u8',
        [2, 3],
        Uint8Array.from({ length: 180 }, (_, i) => 256 * noise(i)),
      ),
      false,
    ],
    [
      'bytes in colour',
      labelled(
        'u8',
        [3, 2, 2],
        Uint8Array.from({ length: 360 }, (_, i) => 256 * noise(i) ** (1 + (i % 3))),
      ),
      true,
    ],
    [
      'bytes in colour as rows',
      labelled(
        'u8',
        [3, 2, 2],
        Uint8Array.from({ length: 360 }, (_, i) => 256 * noise(i)),
      ),
      false,
    ],
    [
      'numbers far from 0',
      labelled(
        'f32',
        [4],
        Float32Array.from({ length: 120 }, (_, i) => 1e5 + noise(i)),
      ),
      false,
    ],
    [
      'numbers of which some are missing',
      labelled(
        'f64',
        [4],
        Float64Array.from({ length: 120 }, (_, i) => (i % 7 ? noise(i) : NaN)),
      ),
      false,
    ],
    ['one number', labelled('i16', [4], new Int16Array(120).fill(-7)), false],
  ])('of %s is that of the data set', async (_, own, keepAxes) => {
    const sums = await sumSamples(samplesAtHand(own), scaledChannels(own, keepAxes), ongoing)
    const { name, shape } = own.whole.samples
    for (const testFraction of [0.05, 0.2, 0.5]) {
      const { scaling } = labelledDataset(own, { seed: 1, keepAxes, testFraction })
      const { mean, deviation } = fittedOn(sums!, splitSamples(name, shape[0]!, { seed: 1, testFraction }).train)
      expect(mean).toHaveLength(scaling!.mean.length)
      mean.forEach((value, i) => expect(value).toBeCloseTo(scaling!.mean[i]!, 2))
      deviation.forEach((value, i) => expect(value / scaling!.deviation[i]!).toBeCloseTo(1, 2))
    }
  })

  test('is given up when others are asked for', async () => {
    const ended = new AbortController()
    const own = samplesAtHand(labelled('u8', [1], new Uint8Array(50)))
    const slow = {
      ...own,
      valuesAt(row: number) {
        for (const end = performance.now() + 3; performance.now() < end;);
        return own.valuesAt(row)
      },
    }
    const sums = sumSamples(slow, 1, ended.signal)
    ended.abort()
    expect(await sums).toBeNull()
  })
})

test('samples are counted as they are split', () => {
  for (const count of [2, 7, 150, 1461])
    for (let share = 0; share <= 50; share += 5) {
      const { train, test: held } = splitSamples('x', count, { testFraction: share / 100, seed: 1 })
      expect(splitCounts(count, share / 100)).toEqual({ train: train.length, test: held.length })
    }
})

test.each(['grey', 'rgb'] as const)('images one by one are those of the whole: %s', (colours) => {
  const train = Array.from({ length: 5 }, (_, i) => ({
    label: i % 2,
    picture: { width: 3 + i, height: 4, rgb: Uint8Array.from({ length: 12 * (3 + i) }, (__, at) => 256 * noise(at + i)) },
  }))
  const set: ImageSet = {
    name: 'pets',
    classes: ['a', 'b'],
    train,
    test: train,
    usualSize: { width: 3, height: 4 },
    otherSizes: 4,
    grey: false,
    notes: ['x'],
  }
  const options = { size: { width: 2, height: 2 }, colours }
  const whole = labelledImages(set, options)
  const { head, valuesAt, make } = samplesOfImages(set, options)
  expect(make()).toEqual(whole)
  expect(train.flatMap((_, row) => [...valuesAt(row)])).toEqual([...whole.whole.samples.values])
  const without = ({ samples, labels }: Labelled['whole']) => ({ samples: { ...samples, values: new Uint8Array() }, labels })
  expect(head).toEqual({ ...whole, whole: without(whole.whole), test: without(whole.test!) })
})
