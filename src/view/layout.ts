import type { Observation } from '../graph/observation.ts'

export interface Point {
  x: number
  y: number
  z: number
}

/** Where a column of neurons stands. */
export interface ColumnPlace {
  /** Columns from the input, along the longest way. */
  depth: number
  rows: number
  columns: number
  spacing: number
  radius: number
  centre: Point
  /** Half the extent along x, y and z, neurons included. */
  half: Point
}

export interface Arrangement {
  /** The network runs downwards instead of to the right. */
  upright: boolean
  places: ColumnPlace[]
  /** x, y, z, radius of every neuron, column after column. */
  neurons: Float32Array<ArrayBuffer>
  /** Largest depth. */
  depth: number
}

const height = 10
const longestLine = 16
const gridSpacing = 0.62

/**
 * Columns of up to 16 neurons are lines, larger ones grids across the direction of the flow; a square input is the image that it
 * is. `aspect` (width : height of the free part of the window) decides how far apart the columns stand, and below 0.8 lets the
 * network run downwards.
 */
export function arrange({ columns, blocks, links }: Observation, aspect: number): Arrangement {
  const upright = aspect < 0.8
  const depths = columns.map(() => 0)
  // Columns come in the order of the computation, so one pass in order finds the longest way.
  const joins = [...blocks, ...links].sort((a, b) => a.from - b.from)
  for (const { from, to } of joins) depths[to] = Math.max(depths[to]!, depths[from]! + 1)
  const depth = Math.max(1, ...depths)
  const shapes = columns.map(({ width }) => shapeOf(width))
  const along = gapOf(shapes, depths, depth, upright ? 1 / aspect : aspect)

  // Columns of equal depth (branches) stand beside each other.
  const stacks = Array.from({ length: depth + 1 }, (_, d) => shapes.flatMap((shape, i) => (depths[i] === d ? [{ ...shape, i }] : [])))
  const places: ColumnPlace[] = []
  for (const [d, stack] of stacks.entries()) {
    const extent = (shape: Shape) => (upright ? shape.columns : shape.rows) * shape.spacing
    const total = stack.reduce((sum, shape) => sum + extent(shape), 0) + 1.2 * (stack.length - 1)
    let across = total / 2
    for (const { i, ...shape } of stack) {
      const middle = across - extent(shape) / 2
      across -= extent(shape) + 1.2
      const flow = (d - depth / 2) * along
      const [wide, high] = [(shape.columns - 1) * shape.spacing, (shape.rows - 1) * shape.spacing].map((length) => length / 2 + shape.radius) as [number, number]
      places[i] = {
        ...shape,
        depth: d,
        centre: upright ? { x: -middle, y: -flow, z: 0 } : { x: flow, y: middle, z: 0 },
        half: upright ? { x: wide, y: shape.radius, z: high } : { x: shape.radius, y: high, z: wide },
      }
    }
  }
  // A line runs across the screen: down in a lying network, to the right in an upright one.
  const neurons = new Float32Array(4 * columns.reduce((sum, column) => sum + column.width, 0))
  let n = 0
  columns.forEach(({ width }, i) => {
    const place = places[i]!
    for (let k = 0; k < width; k++) {
      const row = Math.floor(k / place.columns) - (place.rows - 1) / 2
      const column = (k % place.columns) - (place.columns - 1) / 2
      const { x, y, z } = place.centre
      const s = place.spacing
      neurons.set(upright ? [x + column * s, y, z + row * s, place.radius] : [x, y - row * s, z + column * s, place.radius], n)
      n += 4
    }
  })
  return { upright, places, neurons, depth }

  function shapeOf(width: number): Shape {
    if (width <= longestLine) {
      const spacing = Math.min(1.25, height / width)
      return { rows: upright ? 1 : width, columns: upright ? width : 1, spacing, radius: Math.min(0.34, 0.3 * spacing) }
    }
    const [long, short] = gridOf(width)
    const [rows, across] = upright ? [short, long] : [long, short]
    const spacing = Math.min(long <= 8 ? 0.9 : gridSpacing, height / long)
    return { rows, columns: across, spacing, radius: 0.37 * spacing }
  }
}

type Shape = Pick<ColumnPlace, 'rows' | 'columns' | 'spacing' | 'radius'>

/** Sides of a grid, the longer first: divisors where two lie near each other, else the next larger rectangle. */
function gridOf(width: number): [number, number] {
  for (let short = Math.floor(Math.sqrt(width)); short * short * 2.5 >= width; short--) if (width % short === 0) return [width / short, short]
  const short = Math.floor(Math.sqrt(width))
  return [Math.ceil(width / short), short]
}

/** Distance between columns that fills the free area, within what reads well. */
function gapOf(shapes: Shape[], depths: number[], depth: number, aspect: number): number {
  const widest = Math.max(...shapes.map((shape) => Math.min(shape.rows, shape.columns) * shape.spacing))
  const fill = (11 * aspect - 0.6 * widest) / depth
  const least = Math.max(3, ...shapes.map((shape, i) => (depths[i]! < depth ? 2.6 + 0.3 * Math.min(shape.rows, shape.columns) * shape.spacing : 0)))
  return Math.max(least, Math.min(8, fill))
}

/** Eight corners of every column, which a camera must keep in sight. */
export function cornersOf({ places }: Arrangement): Point[] {
  const signs = [-1, 1]
  return places.flatMap(({ centre, half }) =>
    signs.flatMap((a) => signs.flatMap((b) => signs.map((c) => ({ x: centre.x + a * half.x, y: centre.y + b * half.y, z: centre.z + c * half.z })))),
  )
}
