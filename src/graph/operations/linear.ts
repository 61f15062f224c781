import { chunksOf, chunkSums, columnSumProblem } from '../../kernels/columnSum.ts'
import { columnSums } from '../../kernels/columnSums.ts'
import { epilogueFlops } from '../../kernels/epilogue.ts'
import { matmulProblem } from '../../kernels/matmulProblem.ts'
import { channelsOf, columnsOf, defineOperation, elements, positionsOf, rowsOf, type Graph, type Value } from '../graph.ts'
import { epilogueOf, finishValues, type Finish, type FinishInputs, type FinishOutputs } from './finish.ts'

/** y [rows, out] = x [rows, in] · Wᵀ + b, W [out, in] as PyTorch keeps it. */
export const linear = defineOperation<Finish, FinishInputs & { x: Value; weight: Value }, FinishOutputs & { y: Value }>({
  name: 'linear',
  shapes: ({ x, weight }) => ({ y: { shape: [rowsOf(x), rowsOf(weight)] } }),
  kernels({ inputs: { x, weight, ...others }, outputs: { y, ...kept }, attributes }, choose) {
    const shape = { m: rowsOf(x), n: rowsOf(weight), k: columnsOf(x), transposeB: true, half: x.dtype === 'f16' }
    const kernel = choose(matmulProblem(shape, epilogueOf(attributes, others)))
    return [{ kernel, values: [x, weight, y, ...finishValues(kept, others)] }]
  },
  flops: ({ inputs: { x, weight: _, ...others }, outputs: { y }, attributes }) =>
    elements(y) * (2 * columnsOf(x) + epilogueFlops(epilogueOf(attributes, others))),
  derivative({ graph, path, inputs: { x, weight, bias }, dy, give, needs }) {
    // ∂L/∂W [out, in] = dyᵀ · x, ∂L/∂b = column sums of dy, ∂L/∂x = dy · W
    give(weight, graph.add(matmul, path, { a: dy, b: x }, { transposeA: true }, { c: graph.gradientOf(weight) }).c)
    if (bias) give(bias, biasGradient(graph, path, dy, bias))
    if (needs(x)) give(x, graph.add(matmul, path, { a: dy, b: weight }, {}).c)
  },
})

interface Product extends Finish {
  transposeA?: boolean
}

/** C [m, n] = op(A) · B. */
export const matmul = defineOperation<Product, Omit<FinishInputs, 'bias'> & { a: Value; b: Value }, FinishOutputs & { c: Value }>({
  name: 'matmul',
  shapes: ({ a, b }, { transposeA }) => ({ c: { shape: [transposeA ? columnsOf(a) : rowsOf(a), columnsOf(b)] } }),
  kernels({ inputs: { a, b, ...others }, outputs: { c, ...kept }, attributes }, choose) {
    const { transposeA = false } = attributes
    const [m, k] = transposeA ? [columnsOf(a), rowsOf(a)] : [rowsOf(a), columnsOf(a)]
    const shape = { m, n: columnsOf(b), k, transposeA, transposeB: false, half: a.dtype === 'f16' }
    const { bias: _, ...finish } = epilogueOf(attributes, others)
    return [{ kernel: choose(matmulProblem(shape, finish)), values: [a, b, c, ...finishValues(kept, others)] }]
  },
  flops({ inputs: { a, b: _, ...others }, outputs: { c }, attributes }) {
    const inner = attributes.transposeA ? rowsOf(a) : columnsOf(a)
    return elements(c) * (2 * inner + epilogueFlops(epilogueOf(attributes, others)))
  },
})

/** ∂L/∂b: the column sums of dy, in chunks first where it is tall. */
export function biasGradient(graph: Graph, path: string, dy: Value, bias: Value): Value {
  const sum = graph.gradientOf(bias)
  const chunks = chunksOf(positionsOf(dy))
  const partial = chunks ? { partial: graph.value('saved', `${path}:chunks`, { shape: [chunks, channelsOf(dy)] }) } : {}
  graph.add(columnSum, path, { xs: [dy] }, {}, { sums: [sum], ...partial })
  return sum
}

/**
 * [rows, columns] → [columns], or of images the sums of each channel; for one matrix, in chunks where a place for their sums is given, or for several
 * of equal rows.
 */
export const columnSum = defineOperation<object, { xs: readonly Value[] }, { sums: readonly Value[]; partial?: Value }>({
  name: 'columnSum',
  shapes: () => ({}),
  kernels({ inputs: { xs }, outputs: { sums, partial } }, choose) {
    const x = xs[0]!
    const rows = positionsOf(x)
    if (partial)
      return [
        { kernel: chunkSums(rows, channelsOf(x)), values: [x, partial] },
        { kernel: choose(columnSumProblem(rowsOf(partial), channelsOf(x))), values: [partial, sums[0]!] },
      ]
    const columns = xs.map(channelsOf)
    const kernel = xs.length === 1 ? choose(columnSumProblem(rows, columns[0]!)) : columnSums(rows, columns)
    return [{ kernel, values: xs.flatMap((own, i) => [own, sums[i]!]) }]
  },
  flops: ({ inputs: { xs } }) => xs.reduce((sum, x) => sum + elements(x), 0),
})
