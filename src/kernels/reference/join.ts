/** The elementwise sum of tensors of one shape. */
export function add(...parts: ArrayLike<number>[]): Float64Array {
  return Float64Array.from(parts[0]!, (_, i) => parts.reduce((sum, part) => sum + part[i]!, 0))
}

/** `[rows, widths[i]]` parts side by side: `[rows, Σ widths]`. */
export function concat(parts: ArrayLike<number>[], rows: number, widths: number[]): Float64Array {
  const total = widths.reduce((sum, width) => sum + width, 0)
  const out = new Float64Array(rows * total)
  let first = 0
  parts.forEach((part, p) => {
    const width = widths[p]!
    for (let row = 0; row < rows; row++) for (let j = 0; j < width; j++) out[row * total + first + j] = part[row * width + j]!
    first += width
  })
  return out
}

/** The inverse of `concat`, and its derivative. */
export function split(x: ArrayLike<number>, rows: number, widths: number[]): Float64Array[] {
  const total = widths.reduce((sum, width) => sum + width, 0)
  let first = 0
  return widths.map((width) => {
    const from = first
    first += width
    return Float64Array.from({ length: rows * width }, (_, i) => x[Math.floor(i / width) * total + from + (i % width)]!)
  })
}
