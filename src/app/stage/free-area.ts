/** What is free of a window whose panels cover parts of it. */
import type { Insets } from '../../view/types.ts'

export interface Rectangle {
  left: number
  top: number
  right: number
  bottom: number
}

/** Width to height of a network as it lies best. */
const shape = 1.5

/** The part of `area` without `obstacles` in which the largest network fits; each obstacle takes a strip along one of the sides. */
export function freeArea(area: Rectangle, obstacles: readonly Rectangle[]): Rectangle {
  const [obstacle, ...others] = obstacles
  if (!obstacle) return area
  const apart = obstacle.right <= area.left || obstacle.left >= area.right || obstacle.bottom <= area.top || obstacle.top >= area.bottom
  if (apart) return freeArea(area, others)
  const strips: Rectangle[] = [
    { ...area, top: obstacle.bottom },
    { ...area, bottom: obstacle.top },
    { ...area, left: obstacle.right },
    { ...area, right: obstacle.left },
  ]
  return strips.map((strip) => freeArea(strip, others)).reduce((best, next) => (roomIn(next) > roomIn(best) ? next : best))
}

const roomIn = ({ left, top, right, bottom }: Rectangle): number => Math.min(Math.max(0, right - left) / shape, Math.max(0, bottom - top))

export const insetsIn = (window: { width: number; height: number }, { left, top, right, bottom }: Rectangle): Insets => ({
  left,
  top,
  right: window.width - right,
  bottom: window.height - bottom,
})
