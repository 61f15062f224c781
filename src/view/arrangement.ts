import { nodesOf, type Observation, type ObservedColumn } from '../graph/observation.ts'
import { depthsOf } from './depths.ts'
import type { CollapsibleGroup } from './collapse.ts'
import { middleOf, placeStrands, type StrandPlace } from './strand-layout.ts'
import { channelOf, narrowGrid, tileGrid, tileOf, type TileGrid } from './tile-layout.ts'

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
  /** Of a column of feature maps. */
  tiles?: TileGrid
}

/** A feature map as it stands in the picture. */
export interface TilePlace {
  column: number
  channel: number
  /** Its node among all. */
  node: number
  centre: Point
  halfWidth: number
  halfHeight: number
}

export interface Arrangement {
  /** The network runs downwards instead of to the right. */
  upright: boolean
  places: ColumnPlace[]
  /**
   * x, y, z and radius of every node, column after column; of a channel minus half of its tile's extent along z instead: edges come in at the end of
   * smaller z and leave at the other, so that they cross no map.
   */
  nodes: Float32Array<ArrayBuffer>
  tiles: TilePlace[]
  strands: StrandPlace[]
  /** Largest depth. */
  depth: number
}

const height = 10
const tallest = 15
const shortestReach = 3
const longestLine = 16
/** Networks with at least this many columns are deep: their columns stay lines for longer, because grids would hide each other. */
const deepFrom = 10
const longestDeepLine = 40
const gridSpacing = 0.62
/** Between columns of equal depth. */
const aisle = 1.2

/**
 * Columns of up to 16 neurons are lines, larger ones grids across the direction of the flow; a square input is the image that it
 * is. `gap` is the distance between columns.
 */
export function arrange(observation: CollapsibleObservation, upright: boolean, gap: number): Arrangement {
  const { columns, containers, groups = [] } = observation
  const depths = depthsOf(observation)
  const depth = Math.max(1, ...depths)
  const collapsed = new Set(groups.filter(({ isOpen }) => !isOpen).map(({ column }) => column))
  // Stacks of feature maps are the taller the more of them share the width.
  const amongMaps = columns.some(({ shape }) => shape.length === 3)
  const reach = upright ? height : Math.min(tallest, Math.max(height, 1.5 * depth))
  const beside = (d: number) => depths.filter((other) => other === d).length
  const reachOf = (d: number) => (amongMaps ? Math.max(shortestReach, reach / beside(d)) : null)
  const isDeep = !amongMaps && depth >= deepFrom
  const line = isDeep ? { most: longestDeepLine, reach: upright ? height : tallest } : { most: longestLine, reach: height }
  const shapes = columns.map((column, i) => shapeOf(column, upright, collapsed.has(i), reachOf(depths[i]!), line))

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
      const { rows, spacing, radius, tiles } = shape
      const wide = ((shape.columns - 1) * spacing) / 2 + (tiles?.halfWidth ?? radius)
      const high = ((rows - 1) * spacing) / 2 + (tiles?.halfHeight ?? radius)
      places[i] = {
        ...shape,
        depth: d,
        centre: upright ? { x: -middle, y: -flow, z: 0 } : { x: flow, y: middle, z: 0 },
        half: upright ? { x: wide, y: shape.radius, z: high } : { x: shape.radius, y: high, z: wide },
      }
    }
  }
  return { upright, places, ...placeNodes(columns, places, upright), strands: placeStrands(containers, places, upright), depth }
}

/** An observation, some of whose groups may be collapsed. */
export type CollapsibleObservation = Observation & { groups?: readonly CollapsibleGroup[] }

/** A line runs across the screen: down in a lying network, to the right in an upright one. A grid's rows run as an image's. */
function placeNodes(columns: readonly ObservedColumn[], places: readonly ColumnPlace[], upright: boolean) {
  const nodes = new Float32Array(4 * columns.reduce((sum, column) => sum + nodesOf(column), 0))
  const stacks: TilePlace[] = []
  let node = 0
  columns.forEach((observed, column) => {
    const { rows, columns: across, spacing, radius, centre, tiles } = places[column]!
    const at = (k: number): Point => {
      const row = (Math.floor(k / across) - (rows - 1) / 2) * spacing
      const beside = ((k % across) - (across - 1) / 2) * spacing
      const { x, y, z } = centre
      return upright ? { x: x + beside, y, z: z + row } : { x, y: y - row, z: z + beside }
    }
    const count = nodesOf(observed)
    for (let k = 0; k < count; k++) {
      const { x, y, z } = at(tiles ? tileOf(k, tiles.shown, count) : k)
      nodes.set([x, y, z, tiles ? -(upright ? tiles.halfHeight : tiles.halfWidth) : radius], 4 * (node + k))
    }
    if (tiles)
      for (let tile = 0; tile < tiles.shown; tile++) {
        const channel = channelOf(tile, tiles.shown, count)
        const { halfWidth, halfHeight } = tiles
        stacks.push({ column, channel, node: node + channel, centre: at(tile), halfWidth, halfHeight })
      }
    node += count
  })
  return { nodes, tiles: stacks }
}

function shapeOf(
  { shape, width }: ObservedColumn,
  upright: boolean,
  isCollapsed: boolean,
  reach: number | null,
  line: { most: number; reach: number },
): Shape {
  if (shape.length === 3) {
    const tiles = tileGrid(shape, reach ?? height, { isWide: upright, isCollapsed })
    return { rows: tiles.rows, columns: tiles.columns, spacing: tiles.pitch, radius: 0.05, tiles }
  }
  if (width <= line.most) {
    const spacing = Math.min(1.25, line.reach / width)
    return { rows: upright ? 1 : width, columns: upright ? width : 1, spacing, radius: Math.min(0.34, 0.3 * spacing) }
  }
  const { long, short, spacing } = reach === null ? gridOf(width) : narrowGrid(width, reach)
  const [rows, columns] = upright ? [short, long] : [long, short]
  return { rows, columns, spacing, radius: 0.35 * spacing }
}

type Shape = Pick<ColumnPlace, 'rows' | 'columns' | 'spacing' | 'radius' | 'tiles'>

/** Sides of a grid, the longer first: divisors where two lie near each other, else the next larger rectangle. */
function gridOf(width: number) {
  const [long, short] = gridSides(width)
  return { long, short, spacing: Math.min(long <= 8 ? 0.9 : gridSpacing, height / long) }
}

function gridSides(width: number): [long: number, short: number] {
  for (let short = Math.floor(Math.sqrt(width)); short * short * 2.5 >= width; short--)
    if (width % short === 0) return [width / short, short]
  const short = Math.floor(Math.sqrt(width))
  return [Math.ceil(width / short), short]
}

/** The points that the camera must keep in sight: eight corners of every column, and the bypasses. */
export function cornersOf({ places, strands }: Pick<Arrangement, 'places' | 'strands'>): Point[] {
  return [...places.flatMap(cornersOfColumn), ...strands.map(({ control, start, end }) => middleOf(start, control, end))]
}

export function cornersOfColumn({ centre, half }: ColumnPlace): Point[] {
  const signs = [-1, 1]
  return signs.flatMap((a) =>
    signs.flatMap((b) => signs.map((c) => ({ x: centre.x + a * half.x, y: centre.y + b * half.y, z: centre.z + c * half.z }))),
  )
}
