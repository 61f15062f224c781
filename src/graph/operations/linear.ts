import { chunksOf, chunkSums, columnSumProblem } from '../../kernels/columnSum.ts'
import { columnSums } from '../../kernels/columnSums.ts'
import { epilogueFlops, type Epilogue } from '../../kernels/epilogue.ts'
import type { MatmulShape } from '../../kernels/shapes.ts'
import { matmulProblem } from '../../kernels/matmulProblem.ts'
import {
  channelsOf,
  columnsOf,
  elements,
  positionsOf,
  rowsOf,
  type Call,
  type Choose,
  type Graph,
  type Operation,
  type Value,
} from '../graph.ts'

/** y [rows, out] = x [rows, in] · Wᵀ + b, W [out, in] as PyTorch keeps it. Inputs x, W and, if there is one, b; fusion may set `epilogue`, and add what normalises. */
export const linear: Operation = {
  shapes: ([x, weight]) => [[rowsOf(x!), rowsOf(weight!)]],
  kernels({ inputs: [x, weight, ...others], outputs, attributes }, choose) {
    const shape = { m: rowsOf(x!), n: rowsOf(weight!), k: columnsOf(x!), transposeB: true, half: x!.half }
    return [product(shape, forwardEpilogue(others, attributes), choose, [x!, weight!, ...outputs, ...others])]
  },
  flops: ({ inputs: [x, , ...others], outputs: [y], attributes }) =>
    elements(y!) * (2 * columnsOf(x!) + epilogueFlops(forwardEpilogue(others, attributes))),
  derivative({ graph, node, outputGradient: dy, give, needs }) {
    const [x, weight, bias] = node.inputs
    // ∂L/∂W [out, in] = dyᵀ · x, ∂L/∂b = column sums of dy, ∂L/∂x = dy · W
    const dWeight = graph.gradientOf(weight!)
    graph.add('matmul', node.path, [dy, x!], { transposeA: true }, [dWeight])
    give(weight!, dWeight)
    if (bias) {
      give(bias, biasGradient(graph, node.path, dy, bias))
    }
    if (needs(x!)) give(x!, graph.add('matmul', node.path, [dy, weight!])[0]!)
  },
}

/** The epilogue of a product with weights: with a bias where there is one beside what normalises. */
export function forwardEpilogue(others: readonly Value[], attributes: Record<string, unknown>): Epilogue {
  const epilogue = attributes['epilogue'] as Epilogue | undefined
  return { bias: others.length % 4 === 1, ...epilogue }
}

/** C [m, n] = op(A) · op(B); fusion may set `epilogue` (the activation whose derivative at the third input multiplies C). */
export const matrixProduct: Operation = {
  shapes: ([a, b], { transposeA, transposeB }) => [[transposeA ? columnsOf(a!) : rowsOf(a!), transposeB ? rowsOf(b!) : columnsOf(b!)]],
  kernels({ inputs: [a, b, ...others], outputs, attributes: { transposeA, transposeB, epilogue, scaled } }, choose) {
    // What undoes the scale of a half-precision operand lies before what the derivative is taken from.
    const [saved, range] = scaled ? [others[others.length - 2], others.at(-1)] : [others[0], undefined]
    const shape = {
      m: transposeA ? columnsOf(a!) : rowsOf(a!),
      n: transposeB ? rowsOf(b!) : columnsOf(b!),
      k: transposeA ? rowsOf(a!) : columnsOf(a!),
      transposeA: transposeA === true,
      transposeB: transposeB === true,
      half: a!.half,
    }
    const finish: Epilogue = { ...(epilogue as Epilogue | undefined), ...(range && { scaled: true }) }
    return [product(shape, finish, choose, [a!, b!, ...outputs, ...(range ? [range] : []), ...(saved ? [saved] : [])])]
  },
  flops({ inputs: [a], outputs: [c], attributes: { transposeA, epilogue, scaled } }) {
    const inner = transposeA ? rowsOf(a!) : columnsOf(a!)
    return elements(c!) * (2 * inner + epilogueFlops({ ...(epilogue as Epilogue | undefined), scaled: scaled === true }))
  },
}

const product = (shape: MatmulShape, epilogue: Epilogue, choose: Choose, values: Value[]): Call => ({
  kernel: choose(matmulProblem(shape, epilogue)),
  values,
})

/** ∂L/∂b: the column sums of dy, in chunks first where it is tall. */
export function biasGradient(graph: Graph, path: string, dy: Value, bias: Value): Value {
  const dBias = graph.gradientOf(bias)
  const chunks = chunksOf(positionsOf(dy))
  const partial = chunks ? [graph.value('saved', `${path}:chunks`, [chunks, channelsOf(dy)])] : []
  graph.add('columnSum', path, [dy], {}, [dBias, ...partial])
  return dBias
}

/** [rows, columns] → [columns], or of images the sums of each channel; for one matrix, in chunks where a place for their sums is given, or for several of equal rows. */
export const columnSum: Operation = {
  shapes: (inputs) => inputs.map((x) => [channelsOf(x)]),
  kernels({ inputs, outputs }, choose) {
    const [x] = inputs as [Value]
    const rows = positionsOf(x)
    if (outputs.length > inputs.length) {
      const [sum, partial] = outputs as [Value, Value]
      return [
        { kernel: chunkSums(rows, channelsOf(x)), values: [x, partial] },
        { kernel: choose(columnSumProblem(rowsOf(partial), channelsOf(x))), values: [partial, sum] },
      ]
    }
    const columns = inputs.map(channelsOf)
    const kernel = inputs.length === 1 ? choose(columnSumProblem(rows, columns[0]!)) : columnSums(rows, columns)
    return [{ kernel, values: inputs.flatMap((input, i) => [input, outputs[i]!]) }]
  },
  flops: ({ inputs }) => inputs.reduce((sum, x) => sum + elements(x), 0),
}
