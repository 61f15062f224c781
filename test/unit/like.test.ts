import { expect, test } from 'vitest'
import { batchNorm, conv2d, dense, flatten, relu, residual } from '../../src/model/layers.ts'
import { ordinalsLike } from '../../src/model/like.ts'
import { parametersOf } from '../../src/model/shapes.ts'
import type { Layer } from '../../src/model/types.ts'

const network = (...layers: Layer[]) => ({ input: [4], layers })
/** Path of each parameter, and of the one that it begins as. */
function pairs(own: ReturnType<typeof network>, like: ReturnType<typeof network>) {
  const others = parametersOf(like).map(({ path }) => path)
  return Object.fromEntries(parametersOf(own).map(({ path }, i) => [path, others[ordinalsLike(own, like)[i]!] ?? null]))
}

test('a network is like itself', () => {
  const own = network(dense(3), relu(), residual([dense(3)]), dense(2))
  expect(ordinalsLike(own, own)).toEqual(parametersOf(own).map((_, i) => i))
})

test('norms put between the layers shift no weight, and begin as none', () => {
  const plain = network(dense(3), relu(), dense(3), relu(), dense(2))
  const normed = network(dense(3), batchNorm(), relu(), dense(3), batchNorm(), relu(), dense(2))
  expect(pairs(normed, plain)).toMatchObject({
    'layers.0.weight': 'layers.0.weight',
    'layers.1.weight': null,
    'layers.3.bias': 'layers.2.bias',
    'layers.6.weight': 'layers.4.weight',
  })
  expect(new Set(ordinalsLike(normed, plain)).size).toBe(parametersOf(normed).length)
})

test('a layer of another shape takes nothing, the others keep theirs; blocks around layers are seen through', () => {
  const plain = network(dense(3), relu(), dense(3), relu(), dense(2))
  expect(pairs(network(dense(5), relu(), dense(3), relu(), dense(2)), plain)).toMatchObject({
    'layers.0.weight': null,
    'layers.2.weight': null,
    'layers.4.weight': 'layers.4.weight',
  })
  const wrapped = network(dense(3), relu(), residual([dense(3), relu()]), dense(2))
  expect(Object.values(pairs(wrapped, plain))).toEqual(parametersOf(plain).map(({ path }) => path))
})

test('convolutions and images too', () => {
  const own = { input: [1, 6, 6], layers: [conv2d(2, 3), batchNorm(), relu(), flatten(), dense(2)] }
  const like = { input: [1, 6, 6], layers: [conv2d(2, 3), relu(), flatten(), dense(2)] }
  expect(ordinalsLike(own, like).filter((ordinal) => ordinal < 4)).toEqual([0, 1, 2, 3])
})
