/** The largest eigenvalue of a symmetric tridiagonal matrix, with its unit eigenvector. */
export interface LargestPair {
  value: number
  vector: Float64Array
}

/**
 * Of the matrix with `diagonal` and `beside` it, one number less: by bisection on Sturm counts (Golub & Van Loan, Matrix Computations, §8.4.1), and by
 * inverse iteration (§8.2.2).
 */
export function largestPair(diagonal: readonly number[], beside: readonly number[]): LargestPair {
  const n = diagonal.length
  const radius = (i: number) => Math.abs(beside[i - 1] ?? 0) + (i < n - 1 ? Math.abs(beside[i] ?? 0) : 0)
  let low = Math.min(...diagonal.map((value, i) => value - radius(i)))
  let high = Math.max(...diagonal.map((value, i) => value + radius(i)))
  const scale = Math.max(Math.abs(low), Math.abs(high))
  while (high - low > 1e-13 * scale) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) break
    if (countBelow(diagonal, beside, middle) === n) high = middle
    else low = middle
  }
  const value = (low + high) / 2
  return { value, vector: vectorOf(diagonal, beside, value, scale) }
}

/** How many eigenvalues lie below `x`: the negative pivots of the matrix less x. */
function countBelow(diagonal: readonly number[], beside: readonly number[], x: number): number {
  let count = 0
  let pivot = 1
  diagonal.forEach((value, i) => {
    const off = i > 0 ? beside[i - 1]! : 0
    pivot = value - x - (off * off) / (pivot || Number.MIN_VALUE)
    if (pivot < 0) count++
  })
  return count
}

function vectorOf(diagonal: readonly number[], beside: readonly number[], value: number, scale: number): Float64Array {
  const n = diagonal.length
  const shifted = value + 1e-14 * (scale || 1) // not singular
  let vector = Float64Array.from({ length: n }, (_, i) => 1 + 0.1 * Math.sin(i + 1))
  for (let round = 0; round < 3; round++) vector = unit(solved(diagonal, beside, shifted, vector))
  return vector
}

/** Solves (T − shift·I) x = b by elimination with row exchanges, of which each fills one more place beside the diagonal. */
function solved(diagonal: readonly number[], beside: readonly number[], shift: number, b: Float64Array): Float64Array<ArrayBuffer> {
  const n = diagonal.length
  const rows = diagonal.map((value, i) => [value - shift, beside[i] ?? 0, 0] as [number, number, number])
  const right = Float64Array.from(b)
  for (let i = 0; i + 1 < n; i++) {
    const below: [number, number, number] = [beside[i]!, rows[i + 1]![0], rows[i + 1]![1]]
    if (Math.abs(below[0]) > Math.abs(rows[i]![0])) {
      const [above, own] = [rows[i]!, right[i]!]
      rows[i] = below
      right[i] = right[i + 1]!
      const factor = above[0] / below[0]
      rows[i + 1] = [above[1] - factor * below[1], above[2] - factor * below[2], 0]
      right[i + 1] = own - factor * right[i]!
    } else {
      const factor = below[0] / (rows[i]![0] || Number.EPSILON)
      rows[i + 1] = [below[1] - factor * rows[i]![1], below[2] - factor * rows[i]![2], 0]
      right[i + 1]! -= factor * right[i]!
    }
  }
  const x = new Float64Array(n)
  for (let i = n - 1; i >= 0; i--) {
    const [own, next, after] = rows[i]!
    x[i] = (right[i]! - next * (x[i + 1] ?? 0) - after * (x[i + 2] ?? 0)) / (own || Number.EPSILON)
  }
  return x
}

function unit(vector: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const scaled = vector.map((value) => value / largest)
  const length = Math.sqrt(scaled.reduce((sum, value) => sum + value * value, 0))
  return scaled.map((value) => value / length)
}
