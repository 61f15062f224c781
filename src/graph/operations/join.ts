import { epilogueFlops } from '../../kernels/epilogue.ts'
import { add as addKernel, type SumEpilogue } from '../../kernels/add.ts'
import { copyColumns } from '../../kernels/copyColumns.ts'
import { channelsOf, defineOperation, elements, isImages, positionsOf, type Shaped, type Value } from '../graph.ts'

const withChannels = (value: Value, channels: number): Shaped =>
  isImages(value)
    ? { shape: [value.shape[0]!, channels, ...value.shape.slice(2)], layout: 'images' }
    : { shape: [value.shape[0]!, channels] }

/** y = a + b, of one shape; fusion may set `epilogue`, what its derivative is taken from, and what stood before it. */
export const add = defineOperation<{ epilogue?: SumEpilogue }, { a: Value; b: Value; saved?: Value }, { y: Value; kept?: Value }>({
  name: 'add',
  shapes: ({ a }) => ({ y: a }),
  kernels: ({ inputs: { a, b, saved }, outputs: { y, kept }, attributes: { epilogue } }) => [
    { kernel: addKernel(elements(a), epilogue), values: [a, b, y, ...(kept ? [kept] : []), ...(saved ? [saved] : [])] },
  ],
  flops: ({ outputs: { y }, attributes: { epilogue } }) => elements(y) * (1 + epilogueFlops(epilogue)),
  derivative({ inputs: { a, b }, dy, give, needs }) {
    for (const input of [a, b]) if (needs(input)) give(input, dy)
  },
})

/** Joins [rows, n₀], [rows, n₁], … along the columns, images along the channels. */
export const concat = defineOperation<object, { parts: readonly Value[] }, { y: Value }>({
  name: 'concat',
  shapes: ({ parts }) => ({
    y: withChannels(
      parts[0]!,
      parts.reduce((sum, part) => sum + channelsOf(part), 0),
    ),
  }),
  kernels: ({ inputs: { parts }, outputs: { y } }) =>
    placed(parts).map(({ part, first, count }) => {
      const to = { toColumns: channelsOf(y), toFirst: first }
      return { kernel: copyColumns({ rows: positionsOf(part), count, fromColumns: count, fromFirst: 0, ...to }), values: [part, y] }
    }),
  flops: () => 0,
  derivative({ graph, path, inputs: { parts }, dy, give, needs }) {
    for (const { part, first, count } of placed(parts)) if (needs(part)) give(part, graph.add(slice, path, { x: dy }, { first, count }).y)
  },
})

/** Where each part begins among all channels, and how many it has. */
function placed(parts: readonly Value[]) {
  let end = 0
  return parts.map((part) => {
    const count = channelsOf(part)
    const first = end
    end += count
    return { part, first, count }
  })
}

/** Columns [first, first + count) of [rows, columns], or channels of images. */
export const slice = defineOperation<{ first: number; count: number }, { x: Value }, { y: Value }>({
  name: 'slice',
  shapes: ({ x }, { count }) => ({ y: withChannels(x, count) }),
  kernels({ inputs: { x }, outputs: { y }, attributes: { first, count } }) {
    const from = { fromColumns: channelsOf(x), fromFirst: first }
    return [{ kernel: copyColumns({ rows: positionsOf(x), count, ...from, toColumns: count, toFirst: 0 }), values: [x, y] }]
  },
  flops: () => 0,
})
