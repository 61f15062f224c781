import type { ObservedContainer } from '../graph/observation.ts'
import type { ColumnPlace, Point } from './arrangement.ts'

/** A branch of a container as a quadratic Bézier curve beside the network, from the column that it leaves to the one where it ends. */
export interface StrandPlace {
  container: number
  branch: number
  start: Point
  control: Point
  end: Point
}

/** Between the network and its nearest strand, and between two strands. */
const clearance = 0.45
const between = 0.55
/** Of the length of a bypass, how far it swings out. */
const swing = 0.2

/**
 * Beside each other on the side where no names stand: what goes through layers close by them, what goes around further out the more it passes.
 */
export function placeStrands(containers: readonly ObservedContainer[], places: readonly ColumnPlace[], upright: boolean): StrandPlace[] {
  const strands: StrandPlace[] = []
  containers.forEach(({ from, to, first, last, branches }, container) => {
    const passed = [places[from]!, places[to]!, ...places.slice(first, last + 1)]
    const edge = Math.max(...passed.map((place) => edgeOf(place, upright)))
    // Layers first: they are what lies between.
    const order = branches.map((_, branch) => branch).sort((a, b) => Number(branches[a]!.isBypass) - Number(branches[b]!.isBypass))
    const [startFlow, endFlow] = [flowOf(places[from]!, upright), flowOf(places[to]!, upright)]
    order.forEach((branch, rank) => {
      if (!branches[branch]!.arrival) return
      const away = edge + clearance + rank * between
      const out = away + (branches[branch]!.isBypass ? swing * Math.abs(endFlow - startFlow) : 0)
      const at = (flow: number, side: number) => pointOf(flow, side, upright)
      strands.push({
        container,
        branch,
        start: at(startFlow, away),
        // A curve reaches half of the way to its control point.
        control: at((startFlow + endFlow) / 2, 2 * out - away),
        end: at(endFlow, away),
      })
    })
  })
  return strands
}

/** A curve's point half of the way. */
export const middleOf = (start: Point, control: Point, end: Point): Point => ({
  x: (start.x + 2 * control.x + end.x) / 4,
  y: (start.y + 2 * control.y + end.y) / 4,
  z: (start.z + 2 * control.z + end.z) / 4,
})

const flowOf = ({ centre }: ColumnPlace, upright: boolean) => (upright ? -centre.y : centre.x)
/** How far a column reaches to the strands' side: down from a lying network, to the right of an upright one. */
const edgeOf = ({ centre, half }: ColumnPlace, upright: boolean) => (upright ? centre.x + half.x : -centre.y + half.y)
const pointOf = (flow: number, side: number, upright: boolean): Point =>
  upright ? { x: side, y: -flow, z: 0 } : { x: flow, y: -side, z: 0 }
