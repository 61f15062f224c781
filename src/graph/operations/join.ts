import { epilogueFlops } from '../../kernels/epilogue.ts'
import { add as addKernel, type SumEpilogue } from '../../kernels/add.ts'
import { copyColumns } from '../../kernels/copyColumns.ts'
import { channelsOf, elements, isImages, positionsOf, type Operation, type Value } from '../graph.ts'

const withChannels = (value: Value, channels: number) =>
  isImages(value) ? [value.shape[0]!, channels, ...value.shape.slice(2)] : [value.shape[0]!, channels]

/** c = a + b, of one shape; fusion may set `epilogue` and a third input. */
export const add: Operation = {
  shapes: ([a]) => [a!.shape],
  kernels({ inputs: [a, b, ...saved], outputs, attributes }) {
    const kernel = addKernel(elements(a!), attributes['epilogue'] as SumEpilogue | undefined)
    return [{ kernel, values: [a!, b!, ...outputs, ...saved] }]
  },
  flops: ({ outputs: [sum], attributes }) => elements(sum!) * (1 + epilogueFlops(attributes['epilogue'] as SumEpilogue | undefined)),
  derivative({ node, outputGradient, give, needs }) {
    for (const input of node.inputs) if (needs(input)) give(input, outputGradient)
  },
}

/** Joins [rows, n₀], [rows, n₁], … along the columns, images along the channels. */
export const concat: Operation = {
  shapes: (inputs) => [
    withChannels(
      inputs[0]!,
      inputs.reduce((sum, input) => sum + channelsOf(input), 0),
    ),
  ],
  kernels({ inputs, outputs: [joined] }) {
    let first = 0
    return inputs.map((input) => {
      const count = channelsOf(input)
      const kernel = copyColumns({
        rows: positionsOf(input),
        count,
        fromColumns: count,
        fromFirst: 0,
        toColumns: channelsOf(joined!),
        toFirst: first,
      })
      first += count
      return { kernel, values: [input, joined!] }
    })
  },
  flops: () => 0,
  derivative({ graph, node, outputGradient, give, needs }) {
    let first = 0
    for (const input of node.inputs) {
      const count = channelsOf(input)
      if (needs(input)) give(input, graph.add('slice', node.path, [outputGradient], { first, count })[0]!)
      first += count
    }
  },
}

/** Columns [first, first + count) of [rows, columns], or channels of images. */
export const slice: Operation = {
  shapes: ([x], { count }) => [withChannels(x!, count as number)],
  kernels({ inputs: [x], outputs: [y], attributes }) {
    const { first, count } = attributes as { first: number; count: number }
    const kernel = copyColumns({
      rows: positionsOf(x!),
      count,
      fromColumns: channelsOf(x!),
      fromFirst: first,
      toColumns: count,
      toFirst: 0,
    })
    return [{ kernel, values: [x!, y!] }]
  },
  flops: () => 0,
}
