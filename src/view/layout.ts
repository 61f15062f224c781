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
/** Between columns of equal depth. */
const aisle = 1.2

/**
 * Columns of up to 16 neurons are lines, larger ones grids across the direction of the flow; a square input is the image that it
 * is. `gap` is the distance between columns.
 */
export function arrange({ columns, blocks, links }: Observation, upright: boolean, gap: number): Arrangement {
  const depths = columns.map(() => 0)
  // Columns come in the order of the computation, so one pass in order finds the longest way.
  const after = columns.flatMap(({ after: from }, to) => (from === undefined ? [] : [{ from, to }]))
  const joins = [...blocks, ...links, ...after].sort((a, b) => a.from - b.from)
  for (const { from, to } of joins) depths[to] = Math.max(depths[to]!, depths[from]! + 1)
  const depth = Math.max(1, ...depths)
  const shapes = columns.map(({ width }) => shapeOf(width, upright))

  // Columns of equal depth (branches) stand beside each other.
  const places: ColumnPlace[] = []
  for (let d = 0; d <= depth; d++) {
    const stack = shapes.flatMap((shape, i) => (depths[i] === d ? [{ ...shape, i }] : []))
    const extent = (shape: Shape) => (upright ? shape.columns : shape.rows) * shape.spacing
    const total = stack.reduce((sum, shape) => sum + extent(shape), 0) + aisle * (stack.length - 1)
    let across = total / 2
    for (const { i, ...shape } of stack) {
      const middle = across - extent(shape) / 2
      across -= extent(shape) + aisle
      const flow = (d - depth / 2) * gap
      const wide = ((shape.columns - 1) * shape.spacing) / 2 + shape.radius
      const high = ((shape.rows - 1) * shape.spacing) / 2 + shape.radius
      places[i] = {
        ...shape,
        depth: d,
        centre: upright ? { x: -middle, y: -flow, z: 0 } : { x: flow, y: middle, z: 0 },
        half: upright ? { x: wide, y: shape.radius, z: high } : { x: shape.radius, y: high, z: wide },
      }
    }
  }
  return { upright, places, neurons: placeNeurons(columns, places, upright), depth }
}

/** A line runs across the screen: down in a lying network, to the right in an upright one. A grid's rows run as an image's. */
function placeNeurons(columns: readonly { width: number }[], places: readonly ColumnPlace[], upright: boolean): Float32Array<ArrayBuffer> {
  const neurons = new Float32Array(4 * columns.reduce((sum, column) => sum + column.width, 0))
  let n = 0
  columns.forEach(({ width }, i) => {
    const { rows, columns: across, spacing, radius, centre } = places[i]!
    for (let k = 0; k < width; k++) {
      const row = (Math.floor(k / across) - (rows - 1) / 2) * spacing
      const column = ((k % across) - (across - 1) / 2) * spacing
      const { x, y, z } = centre
      neurons.set(upright ? [x + column, y, z + row, radius] : [x, y - row, z + column, radius], n)
      n += 4
    }
  })
  return neurons
}

function shapeOf(width: number, upright: boolean): Shape {
  if (width <= longestLine) {
    const spacing = Math.min(1.25, height / width)
    return { rows: upright ? 1 : width, columns: upright ? width : 1, spacing, radius: Math.min(0.34, 0.3 * spacing) }
  }
  const [long, short] = gridOf(width)
  const spacing = Math.min(long <= 8 ? 0.9 : gridSpacing, height / long)
  const [rows, columns] = upright ? [short, long] : [long, short]
  return { rows, columns, spacing, radius: 0.35 * spacing }
}

type Shape = Pick<ColumnPlace, 'rows' | 'columns' | 'spacing' | 'radius'>

/** Sides of a grid, the longer first: divisors where two lie near each other, else the next larger rectangle. */
function gridOf(width: number): [number, number] {
  for (let short = Math.floor(Math.sqrt(width)); short * short * 2.5 >= width; short--)
    if (width % short === 0) return [width / short, short]
  const short = Math.floor(Math.sqrt(width))
  return [Math.ceil(width / short), short]
}

/** Eight corners of every column, which a camera must keep in sight. */
export function cornersOf({ places }: Arrangement): Point[] {
  const signs = [-1, 1]
  return places.flatMap(({ centre, half }) =>
    signs.flatMap((a) =>
      signs.flatMap((b) => signs.map((c) => ({ x: centre.x + a * half.x, y: centre.y + b * half.y, z: centre.z + c * half.z }))),
    ),
  )
}
