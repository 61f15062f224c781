/** A name's rectangle over the canvas, in CSS pixels. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/**
 * Moves boxes that overlap upwards, one above the other, or downwards where `top` leaves no room or, if asked to, where that is nearer; the others stay.
 */
export function spread(boxes: readonly Box[], top: number, nearest = false): Box[] {
  const placed: Box[] = []
  for (const box of boxes) {
    const up = clear(box, placed, (other) => other.y - box.height)
    const down = clear({ ...box, y: Math.max(box.y, top) }, placed, (other) => other.y + other.height)
    const isNearer = nearest && down.y - box.y < box.y - up.y
    placed.push(up.y >= top && !isNearer ? up : down)
  }
  return placed
}

/** Each move leaves an obstacle behind for good, so there are at most as many as obstacles. */
function clear(box: Box, obstacles: readonly Box[], past: (obstacle: Box) => number): Box {
  const moved = { ...box }
  for (let i = 0; i < obstacles.length; i++) {
    const obstacle = obstacles.find((other) => overlaps(moved, other))
    if (!obstacle) break
    moved.y = past(obstacle)
  }
  return moved
}

const overlaps = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
