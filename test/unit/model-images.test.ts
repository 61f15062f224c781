import { describe, expect, test } from 'vitest'
import { InputError } from '../../src/errors.ts'
import {
  avgPool2d,
  concat,
  conv2d,
  dense,
  flatten,
  globalAvgPool2d,
  maxPool2d,
  relu,
  residual,
  sequential,
} from '../../src/model/layers.ts'
import { networkOutput } from '../../src/model/shapes.ts'
import { parseModel } from '../../src/model/validate.ts'
import { modelFormat, type Layer } from '../../src/model/types.ts'

const image = [6, 9, 7]

describe('layers on images', () => {
  test.each<[string, Layer, number[]]>([
    ['a convolution of stride 2', conv2d(5, 3, { stride: 2, padding: 1 }), [5, 5, 4]],
    ['a dilated one', conv2d(4, 3, { dilation: 3 }), [4, 3, 1]],
    ['one of groups', conv2d(4, 1, { groups: 2 }), [4, 9, 7]],
    ['a kernel as large as the padded input', conv2d(1, 9, { padding: 1 }), [1, 3, 1]],
    ['overlapping windows', maxPool2d(3, { stride: 2, padding: 1 }), [6, 5, 4]],
    ['windows that leave a rest', avgPool2d(4), [6, 2, 1]],
    ['a bypass', residual([conv2d(6, 3, { padding: 1 })]), [6, 9, 7]],
    ['branches', concat([[], [conv2d(2, 1)]]), [8, 9, 7]],
  ])('%s: the shape after it', (_, layer, output) => expect(networkOutput({ input: image, layers: [layer] })).toEqual(output))

  test.each<[string, Layer, string]>([
    [
      'a kernel larger than its padded input',
      conv2d(4, 10, { padding: 1 }),
      'conv2d at layers.1 has a kernel of 10 on a padded input of 11 × 9, expected one that fits',
    ],
    [
      'one that is dilated beyond it',
      conv2d(4, 3, { dilation: 4 }),
      'conv2d at layers.1 has a kernel of 3, dilated to 9, on a padded input of 9 × 7, expected one that fits',
    ],
    [
      'groups that do not divide the channels',
      conv2d(8, 1, { groups: 4 }),
      "conv2d at layers.1 has 4 groups, expected a number that divides its input's 6 channels",
    ],
    [
      'groups that do not divide the filters',
      conv2d(8, 1, { groups: 3 }),
      'conv2d at layers.1 has 3 groups, expected a number that divides its 8 filters',
    ],
    [
      'windows larger than the input',
      avgPool2d(8),
      'avgPool2d at layers.1 has windows of 8 on a padded input of 9 × 7, expected ones that fit',
    ],
    ['too much padding', maxPool2d(2, { padding: 2 }), 'maxPool2d at layers.1 has a padding of 2, expected at most half its size 2'],
    [
      'branches of different sizes',
      concat([[relu()], [conv2d(2, 1)], [conv2d(2, 3)]]),
      'concat at layers.1 joins shapes that differ beyond the first dimension: [6, 9, 7] of branches.0 and [2, 7, 5] of branches.2, expected [any number, 9, 7]',
    ],
    [
      'a shortcut of another size',
      residual([conv2d(12, 3, { stride: 2, padding: 1 })]),
      'residual at layers.1 adds two shapes that differ: its layers give [12, 5, 4], its shortcut [6, 9, 7]',
    ],
    [
      'a layer within a shortcut',
      residual([conv2d(6, 1)], [conv2d(6, 8)]),
      'conv2d at layers.1.shortcut.0 has a kernel of 8 on a padded input of 9 × 7, expected one that fits',
    ],
    [
      'a layer within a branch',
      concat([[], [relu(), conv2d(3, 1, { groups: 5 })]]),
      "conv2d at layers.1.branches.1.1 has 5 groups, expected a number that divides its input's 6 channels",
    ],
    ['a dense layer', dense(3), 'dense at layers.1 takes [features], found [6, 9, 7]; a flatten before it makes them one row'],
  ])('%s is refused with its path', (_, layer, told) => {
    expect(() => sequential(image, [relu(), layer])).toThrow(told)
    expect(() => sequential(image, [relu(), layer])).toThrow(InputError)
    const file = { format: modelFormat, input: image, layers: [relu(), layer], loss: 'mse', optimizer: { type: 'sgd', learningRate: 1 } }
    expect(() => parseModel({ ...file, batchSize: 2, seed: 1 }, 'm.json')).toThrow(`m.json: ${told}`)
  })

  test.each([conv2d(1, 1), maxPool2d(1), avgPool2d(1), globalAvgPool2d()])('$type on a row of numbers is refused', (layer) => {
    expect(() => sequential(image, [flatten(), layer])).toThrow(`${layer.type} at layers.1 takes [channels, height, width], found [378]`)
  })
})
