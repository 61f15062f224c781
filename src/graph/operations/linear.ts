import { columnSum } from '../../kernels/columnSum.ts'
import { matmul, type MatmulEpilogue } from '../../kernels/matmul.ts'
import { columnsOf, rowsOf, type Operation } from '../graph.ts'

/** y [rows, out] = x [rows, in] · Wᵀ + b, W [out, in] as PyTorch keeps it. Inputs x, W and, if there is one, b. `activation` is set by fusion. */
export const linear: Operation = {
  shapes: ([x, weight]) => [[rowsOf(x!), rowsOf(weight!)]],
  kernels({ inputs: [x, weight, bias], outputs: [y], attributes }) {
    const epilogue: MatmulEpilogue = { bias: bias !== undefined, ...(attributes['epilogue'] as MatmulEpilogue | undefined) }
    const kernel = matmul({ m: rowsOf(x!), n: rowsOf(weight!), k: columnsOf(x!), transposeB: true }, epilogue)
    return [{ kernel, values: [x!, weight!, y!, ...(bias ? [bias] : [])] }]
  },
  derivative({ graph, node, outputGradient: dy, give, needs }) {
    const [x, weight, bias] = node.inputs
    // ∂L/∂W [out, in] = dyᵀ · x, ∂L/∂b = column sums of dy, ∂L/∂x = dy · W
    const dWeight = graph.gradientOf(weight!)
    graph.add('matmul', node.path, [dy, x!], { transposeA: true }, [dWeight])
    give(weight!, dWeight)
    if (bias) {
      const dBias = graph.gradientOf(bias)
      graph.add('columnSum', node.path, [dy], {}, [dBias])
      give(bias, dBias)
    }
    if (needs(x!)) give(x!, graph.add('matmul', node.path, [dy, weight!])[0]!)
  },
}

/** C [m, n] = op(A) · op(B); fusion may set `derivative` (the activation whose derivative at the third input multiplies C). */
export const matrixProduct: Operation = {
  shapes: ([a, b], { transposeA, transposeB }) => [[transposeA ? columnsOf(a!) : rowsOf(a!), transposeB ? rowsOf(b!) : columnsOf(b!)]],
  kernels({ inputs: [a, b, saved], outputs: [c], attributes: { transposeA, transposeB, epilogue } }) {
    const m = transposeA ? columnsOf(a!) : rowsOf(a!)
    const n = transposeB ? rowsOf(b!) : columnsOf(b!)
    const k = transposeA ? rowsOf(a!) : columnsOf(a!)
    const kernel = matmul(
      { m, n, k, transposeA: transposeA === true, transposeB: transposeB === true },
      epilogue as MatmulEpilogue | undefined,
    )
    return [{ kernel, values: [a!, b!, c!, ...(saved ? [saved] : [])] }]
  },
}

/** [rows, columns] → [columns]. */
export const columnSums: Operation = {
  shapes: ([x]) => [[columnsOf(x!)]],
  kernels: ({ inputs: [x], outputs: [sum] }) => [{ kernel: columnSum(rowsOf(x!), columnsOf(x!)), values: [x!, sum!] }],
}
