import type { MatmulShape } from '../shapes.ts'

/** The matrix product `[batch, m, n]`, all operands row-major. */
export function matmul(a: ArrayLike<number>, b: ArrayLike<number>, sizes: MatmulShape): Float64Array {
  const { m, n, k, transposeA = false, transposeB = false, batch = 1 } = sizes
  const out = new Float64Array(batch * m * n)
  const [aRow, aColumn] = transposeA ? [1, m] : [k, 1]
  const [bRow, bColumn] = transposeB ? [1, k] : [n, 1]
  for (let matrix = 0; matrix < batch; matrix++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let aAt = matrix * m * k + i * aRow
        let bAt = matrix * k * n + j * bColumn
        let sum = 0
        for (let l = 0; l < k; l++, aAt += aColumn, bAt += bRow) sum += a[aAt]! * b[bAt]!
        out[(matrix * m + i) * n + j] = sum
      }
    }
  }
  return out
}

/** `[rows, columns]` plus `bias[columns]` in every row. */
export function addBias(x: ArrayLike<number>, bias: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (value, i) => value + bias[i % bias.length]!)
}

/** The sum over the rows of `[rows, columns]`: a bias's gradient. */
export function sumRows(x: ArrayLike<number>, columns: number): Float64Array {
  const sums = new Float64Array(columns)
  for (let i = 0; i < x.length; i++) sums[i % columns]! += x[i]!
  return sums
}
