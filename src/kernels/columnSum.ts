import { packParams, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'
import { noiseOf, type Candidate, type Problem } from './problem.ts'

/** From this many rows on a column is split among threads: below, a barrier costs software adapters more than the split saves. */
const splitRows = 512
/** The shape alone decides, so that every variant adds in the same order. */
const stripsOf = (rows: number) => (rows >= splitRows ? 16 : 1)
/** Sums of fewer numbers are not worth a trial. */
const smallSum = 2 ** 15
const tolerance = 2e-6

interface Variant {
  /** Columns of a thread: 4 where the columns divide by four. */
  columns: 1 | 4
  /** Threads of a workgroup side by side. */
  threads: number
}

const plainVariant = (rows: number): Variant => ({ columns: 1, threads: workgroupSize / stripsOf(rows) })

/** `[rows, columns]` → `[columns]`, in a fixed order (a bias's gradient). Bindings: read the matrix, write the sums. */
export function columnSum(rows: number, columns: number, variant: Variant = plainVariant(rows)): Kernel {
  const strips = stripsOf(rows)
  const elements = columns / variant.columns
  return {
    label: `columnSum ${rows}×${columns}`,
    shader: 'columnSum',
    defines: {
      ELEMENT: variant.columns === 4 ? 'vec4f' : 'f32',
      WORKGROUP: variant.threads * strips,
      WIDTH: variant.threads,
      STRIPS: strips,
      SPLIT: strips > 1,
      CHUNK: 0,
    },
    params: packParams(rows, elements),
    access: ['read', 'write'],
    workgroups: [Math.ceil(elements / variant.threads), 1, 1],
  }
}

/** Rows from which on a matrix is summed in chunks first, many at once, and rows of a chunk. */
const tallRows = 4096
const chunkRows = 512

/** Chunks of a tall matrix; 0 where it is not. */
export const chunksOf = (rows: number): number => (rows >= tallRows ? Math.ceil(rows / chunkRows) : 0)

/** `[rows, columns]` → `[chunks, columns]`, each the sums of its rows. Bindings: read the matrix, write the sums. */
export function chunkSums(rows: number, columns: number): Kernel {
  const vector = columns % 4 === 0
  const elements = vector ? columns / 4 : columns
  const width = Math.min(workgroupSize, 2 ** Math.ceil(Math.log2(elements)))
  return {
    label: `columnSum ${rows}×${columns} in chunks`,
    shader: 'columnSum',
    defines: { ELEMENT: vector ? 'vec4f' : 'f32', WORKGROUP: width, WIDTH: width, STRIPS: 1, SPLIT: false, CHUNK: chunkRows },
    params: packParams(rows, elements),
    access: ['read', 'write'],
    workgroups: [Math.ceil(elements / width), chunksOf(rows), 1],
  }
}

/** Sums of columns as a problem for the tuner. */
export function columnSumProblem(rows: number, columns: number): Problem {
  const candidate = (variant: Variant): Candidate => ({
    name: `${variant.columns} columns × ${variant.threads} threads`,
    kernel: columnSum(rows, columns, variant),
  })
  const plain = candidate(plainVariant(rows))
  const name = `columnSum ${rows}×${columns}`
  const fours = columns % 4 === 0 ? ([4, 16, 1] as const).map((threads) => candidate({ columns: 4, threads })) : []
  return {
    name,
    product: name,
    flops: rows * columns,
    plain,
    candidates: () => (rows * columns < smallSum ? [plain] : [...fours, plain]),
    sample() {
      const x = noiseOf(rows * columns, 1)
      const check = (sums: Float32Array) => {
        for (let column = 0; column < columns; column++) {
          let [sum, size] = [0, 0]
          for (let at = column; at < x.length; at += columns) {
            sum += x[at]!
            size += Math.abs(x[at]!)
          }
          if (!(Math.abs(sums[column]! - sum) <= tolerance * (size + 1))) return `sum ${column} is ${sums[column]}, expected ${sum}`
        }
        return undefined
      }
      return { buffers: [x, new Float32Array(columns)], output: 1, check }
    },
  }
}
