/** The plane that a data set of two inputs covers, where its targets are classes. */
import type { Dataset } from '../../data/types.ts'

export const gridSize = 64

export interface Plane {
  /** In the data's own units, before scaling. */
  low: [number, number]
  high: [number, number]
  /** `[gridSize², 2]`, scaled as the network takes them; rows from the top. */
  grid: Float32Array
  train: Float32Array
  test: Float32Array
}

const planes = new WeakMap<Dataset, Plane | null>()

/** With some room around; null: the data have none. */
export function planeOf(dataset: Dataset): Plane | null {
  const known = planes.get(dataset)
  if (known !== undefined) return known
  const plane = hasPlane(dataset) ? around(dataset) : null
  planes.set(dataset, plane)
  return plane
}

/** Binary targets in numbers count as classes. */
const hasPlane = ({ inputShape, outputs, train: { y } }: Dataset): boolean =>
  inputShape.length === 1 &&
  inputShape[0] === 2 &&
  (y instanceof Int32Array || (outputs === 1 && y.every((value) => value === 0 || value === 1)))

function around(dataset: Dataset): Plane {
  const train = Float32Array.from(dataset.train.x)
  const test = Float32Array.from(dataset.test?.x ?? [])
  const low: [number, number] = [Infinity, Infinity]
  const high: [number, number] = [-Infinity, -Infinity]
  for (const part of [train, test])
    part.forEach((value, i) => {
      const axis = (i & 1) as 0 | 1
      low[axis] = Math.min(low[axis], value)
      high[axis] = Math.max(high[axis], value)
    })
  for (const axis of [0, 1] as const) {
    const room = 0.06 * (high[axis] - low[axis] || 1)
    low[axis] -= room
    high[axis] += room
  }
  const { mean = [0], deviation = [1] } = dataset.scaling ?? {}
  const scale = (value: number, axis: 0 | 1) => (value - (mean[axis] ?? mean[0]!)) / (deviation[axis] ?? deviation[0]!)
  const grid = new Float32Array(gridSize * gridSize * 2)
  for (let row = 0; row < gridSize; row++)
    for (let column = 0; column < gridSize; column++) {
      const at = 2 * (row * gridSize + column)
      grid[at] = scale(low[0] + ((column + 0.5) / gridSize) * (high[0] - low[0]), 0)
      grid[at + 1] = scale(high[1] - ((row + 0.5) / gridSize) * (high[1] - low[1]), 1)
    }
  return { low, high, grid, train, test }
}
