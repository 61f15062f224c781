import { fitCamera, lookingFrom } from './camera.ts'
import { arrange, cornersOf, type Arrangement, type CollapsibleObservation, type Point } from './arrangement.ts'

export interface Composition {
  arrangement: Arrangement
  /** From where the network is seen at first. */
  direction: Point
}

/** Columns stand no further apart than reads as one network, and no nearer than lets edges be told. */
const widestGap = 9
const narrowestGap = { lines: 1.3, grids: 2.6 }

/**
 * Arranges a network so that it fills a window of this shape: as far apart as the width allows at the distance that its height
 * asks for. In an upright window it runs downwards.
 */
export function compose(observation: CollapsibleObservation, tangent: number, aspect: number, upright: boolean): Composition {
  const grids = arrange(observation, upright, 1).places.some(({ rows, columns }) => Math.min(rows, columns) > 1)
  const direction = upright ? lookingFrom(0.1, grids ? 0.46 : 0.1) : lookingFrom(grids ? 0.6 : 0.3, grids ? 0.17 : 0.1)
  const fits = (gap: number) => {
    const { horizontal, vertical } = fitCamera(cornersOf(arrange(observation, upright, gap)), direction, tangent, aspect)
    return upright ? vertical <= horizontal : horizontal <= vertical
  }
  let low = grids ? narrowestGap.grids : narrowestGap.lines
  let high = widestGap
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2
    if (fits(middle)) low = middle
    else high = middle
  }
  return { arrangement: arrange(observation, upright, low), direction }
}
