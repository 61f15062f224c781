import { describe, expect, test } from 'vitest'
import { fieldsOf, setField } from '../../src/app/network/fields.ts'
import { missingFlatten, offersAt } from '../../src/app/network/offers.ts'
import { chain, insert, layerAt, move, moved, neighbour, remove, renumbered, shapeAt } from '../../src/app/network/layer-tree.ts'
import { groupWords, settingWords } from '../../src/app/words/layer-words.ts'
import { readAs, readings } from '../../src/app/network/panel.tsx'
import { batchNorm, concat, conv2d, dense, flatten, globalAvgPool2d, maxPool2d, relu, residual, tanh } from '../../src/model/layers.ts'
import { networkOutput } from '../../src/model/shapes.ts'
import type { Layer } from '../../src/model/types.ts'

const small = (): Layer[] => [
  conv2d(8, 3, { padding: 1 }),
  residual([conv2d(8, 3, { padding: 1 }), relu()]),
  concat([[], [conv2d(4, 1)]]),
  maxPool2d(2),
  flatten(),
  dense(10),
]
const input = [1, 28, 28]
const types = (layers: readonly Layer[]) => layers.map(({ type }) => type)

describe('layers by their paths', () => {
  test('are found, put in, taken out', () => {
    const layers = small()
    expect(layerAt(layers, 'layers.1.layers.1')).toEqual(relu())
    insert(layers, { list: 'layers.1.shortcut', index: 0 }, [conv2d(8, 1)])
    expect(layers[1]).toMatchObject({ shortcut: [{ type: 'conv2d' }] })
    expect(remove(layers, 'layers.2.branches.1.0')).toEqual(conv2d(4, 1))
    expect(remove(layers, 'layers.2.branches.0')).toEqual([])
    expect(layers[2]).toEqual(concat([[]]))
  })

  test('move with all that they hold, and never into themselves', () => {
    const layers = small()
    expect(move(layers, 'layers.1', { list: 'layers.2.branches.1', index: 1 })).toBe('layers.1.branches.1.1')
    expect(types(layers)).toEqual(['conv2d', 'concat', 'maxPool2d', 'flatten', 'dense'])
    expect(layerAt(layers, 'layers.1.branches.1.1.layers.0')).toEqual(conv2d(8, 3, { padding: 1 }))
    const before = structuredClone(layers)
    expect(move(layers, 'layers.1', { list: 'layers.1.branches.0', index: 0 })).toBeNull()
    expect(layers).toEqual(before)
    expect(move(layers, 'layers.0', { list: 'layers', index: 2 })).toBe('layers.1')
    expect(move(layers, 'layers.1', { list: 'layers', index: 2 })).toBe('layers.1')
    expect(types(layers)).toEqual(['concat', 'conv2d', 'maxPool2d', 'flatten', 'dense'])
  })

  test('keep their paths through a change', () => {
    expect(renumbered('layers.3.branches.1.0', { list: 'layers', index: 1 }, 2)).toBe('layers.5.branches.1.0')
    expect(renumbered('layers.3.branches.1.0', { list: 'layers.3.branches', index: 0 }, -1)).toBe('layers.3.branches.0.0')
    expect(renumbered('layers.3.branches.1', { list: 'layers', index: 3 }, -1)).toBeNull()
    expect(renumbered('layers.12', { list: 'layers.1', index: 0 }, 1)).toBe('layers.12')
    const way = moved('layers.1', { list: 'layers', index: 4 })!
    expect(['layers.0', 'layers.1.layers.0', 'layers.2', 'layers.3', 'layers.4'].map(way.path)).toEqual([
      'layers.0',
      'layers.3.layers.0',
      'layers.1',
      'layers.2',
      'layers.4',
    ])
  })

  test('go with the arrow keys past neighbours, into groups and out of them', () => {
    const layers = small()
    const go = (path: string, key: 'up' | 'down' | 'left' | 'right') => {
      const to = neighbour(layers, path, key)
      return to && moved(path, to)!.path(path)
    }
    expect(go('layers.0', 'up')).toBeNull()
    expect(go('layers.0', 'down')).toBe('layers.1')
    expect(go('layers.3', 'up')).toBe('layers.2')
    expect(go('layers.2', 'right')).toBe('layers.1.layers.2')
    expect(go('layers.4', 'right')).toBeNull()
    expect(go('layers.1.layers.1', 'left')).toBe('layers.2')
    expect(go('layers.1.layers.0', 'up')).toBe('layers.1')
    expect(go('layers.1.layers.1', 'down')).toBe('layers.1.shortcut.0')
    expect(go('layers.2.branches.1.0', 'up')).toBe('layers.2.branches.0.0')
  })

  test('know their shapes as far as they chain', () => {
    const { shapes, output } = chain(small(), input)
    expect(shapes.get('layers.2')!.output).toEqual([12, 28, 28])
    expect(shapes.get('layers.1.layers.1')!.output).toEqual([8, 28, 28])
    expect(output).toEqual([10])
    const broken = small()
    Object.assign(broken[0]!, { filters: 'many' })
    expect(chain(broken, input).shapes.get('layers.0')).toEqual({ input, output: null })
    expect(chain(broken, input).output).toBeNull()
    expect(shapeAt(small(), input, { list: 'layers.2.branches.0', index: 0 })).toEqual([8, 28, 28])
    expect(shapeAt(small(), input, { list: 'layers', index: 5 })).toEqual([12 * 14 * 14])
  })
})

describe('what can be added', () => {
  const titles = (list: string, index: number, layers = small()) => offersAt(layers, input, { list, index }).map(({ title }) => title)

  test('is what its input allows: convolutions before a flatten alone', () => {
    expect(titles('layers', 1)).toEqual(expect.arrayContaining(['Conv2d', 'Max pool', 'Residual', 'Concat', 'Batch norm', 'ReLU']))
    expect(titles('layers', 5)).not.toEqual(expect.arrayContaining(['Conv2d']))
    expect(titles('layers', 5)).toEqual(expect.arrayContaining(['Dense', 'Dropout', 'Residual', 'Concat']))
    expect(titles('layers', 5)).not.toContain('Flatten')
    // Before a convolution a flatten would break what follows.
    expect(titles('layers', 1)).not.toContain('Flatten')
    expect(titles('layers', 1)).not.toContain('Dense')
  })

  test('keeps what a group needs, and every offer leaves a network that chains', () => {
    const within = offersAt(small(), input, { list: 'layers.1.layers', index: 1 })
    expect(within.find(({ title }) => title === 'Max pool')!.layers).toEqual([{ type: 'maxPool2d', size: 3, stride: 1, padding: 1 }])
    expect(within.map(({ title }) => title)).not.toContain('Average pool')
    for (const [list, index] of [
      ['layers', 0],
      ['layers', 4],
      ['layers', 6],
      ['layers.1.layers', 2],
      ['layers.1.shortcut', 0],
      ['layers.2.branches.0', 0],
    ] as const)
      for (const { layers, output, title } of offersAt(small(), input, { list, index })) {
        const draft = small()
        insert(draft, { list, index }, layers)
        expect(networkOutput({ input, layers: draft }), `${title} at ${list} ${index}`).toEqual([10])
        expect(output.every((size) => size > 0)).toBe(true)
      }
  })

  test('brings a dense layer the flatten that images need, and finds where one is missing', () => {
    const plain: Layer[] = [flatten(), dense(10)]
    expect(offersAt(plain, input, { list: 'layers', index: 0 }).find(({ title }) => title === 'Dense')!.layers).toEqual([
      flatten(),
      dense(64),
    ])
    expect(missingFlatten([conv2d(8, 3), tanh(), dense(10)], input)).toBe('layers.2')
    expect(missingFlatten([conv2d(8, 3), globalAvgPool2d(), dense(10)], input)).toBeNull()
    const draft = { input: null, layers: [dense(16), tanh(), dense(10)] }
    readAs(draft, [1, 28, 28])
    expect(draft).toEqual({ input: [1, 28, 28], layers: [flatten(), dense(16), tanh(), dense(10)] })
    expect(readings([784])).toEqual([[784], [1, 28, 28]])
    expect(readings([3, 32, 32])).toEqual([[3072], [3, 32, 32]])
    expect(readings([2])).toEqual([[2]])
  })

  test('is nothing where the layers before do not chain', () => {
    expect(offersAt([dense(3), tanh()], input, { list: 'layers', index: 2 })).toEqual([])
  })
})

test('settings and groups in words', () => {
  expect(settingWords(conv2d(16, 3, { stride: 2, padding: 1, groups: 4, bias: false }))).toBe(
    '3×3 · stride 2 · padding 1 · 4 groups · no bias',
  )
  expect(settingWords(maxPool2d(3, { stride: 2 }))).toBe('3×3 · stride 2')
  expect(settingWords(dense(3))).toBe('')
  const block = [conv2d(16, 3), batchNorm(), relu(), conv2d(16, 3), batchNorm()]
  expect(groupWords(residual(block))).toBe('2 × conv2d 16 of 3×3')
  expect(groupWords(residual(block, [conv2d(16, 1)]))).toBe('2 × conv2d 16 of 3×3; shortcut conv2d 16 of 1×1')
  expect(groupWords(concat([[], [conv2d(48, 1), conv2d(12, 3)]]))).toBe('identity | conv2d 48 of 1×1, conv2d 12 of 3×3')
  expect(groupWords(residual([tanh()]))).toBe('tanh')
})

test('what is set to its default is left out of the model', () => {
  const layer = conv2d(8, 3, { padding: 1 })
  const [filters, , stride, padding, , , bias] = fieldsOf(layer)
  setField(layer, padding!, 0)
  setField(layer, stride!, 2)
  setField(layer, bias!, false)
  setField(layer, filters!, 'many')
  expect(layer).toEqual({ type: 'conv2d', filters: 'many', kernel: 3, stride: 2, bias: false })
  setField(layer, bias!, true)
  setField(layer, stride!, ' ')
  expect(layer).toEqual({ type: 'conv2d', filters: 'many', kernel: 3 })
})
