import type { Point } from './arrangement.ts'

export interface Fit {
  position: Point
  target: Point
  distance: number
  /** Distances that width and height ask for by themselves. */
  horizontal: number
  vertical: number
}

/**
 * The nearest perspective camera that looks along `direction` and sees all points, centred.
 *
 * With the camera at distance d from the plane through the origin and c the shift of its axis, a point (right x, up y, forward z)
 * is in sight when |x − c| ≤ t (d + z), t the tangent of half the angle of view: linear in c and d, so the smallest d is exact.
 * @param direction unit vector from the camera
 * @param tangent of half the vertical angle of view
 */
export function fitCamera(points: readonly Point[], direction: Point, tangent: number, aspect: number): Fit {
  const forward = direction
  const right = normalize(cross(forward, { x: 0, y: 1, z: 0 }))
  const up = cross(right, forward)
  const along = (axis: Point, t: number) => {
    const most = Math.max(...points.map((p) => dot(p, axis) - t * dot(p, forward)))
    const least = Math.max(...points.map((p) => -dot(p, axis) - t * dot(p, forward)))
    return { distance: (most + least) / (2 * t), shift: (most - least) / 2 }
  }
  const horizontal = along(right, tangent * aspect)
  const vertical = along(up, tangent)
  const distance = Math.max(horizontal.distance, vertical.distance)
  const target = add(scale(right, horizontal.shift), scale(up, vertical.shift))
  return {
    position: add(target, scale(forward, -distance)),
    target,
    distance,
    horizontal: horizontal.distance,
    vertical: vertical.distance,
  }
}

/** Unit vector from a camera that stands `yaw` to the left of the front and `pitch` above it, in radians. */
export function lookingFrom(yaw: number, pitch: number): Point {
  return { x: Math.sin(yaw) * Math.cos(pitch), y: -Math.sin(pitch), z: -Math.cos(yaw) * Math.cos(pitch) }
}

const dot = (a: Point, b: Point) => a.x * b.x + a.y * b.y + a.z * b.z
const scale = (a: Point, s: number): Point => ({ x: a.x * s, y: a.y * s, z: a.z * s })
const add = (a: Point, b: Point): Point => ({ x: a.x + b.x, y: a.y + b.y, z: a.z + b.z })
const cross = (a: Point, b: Point): Point => ({ x: a.y * b.z - a.z * b.y, y: a.z * b.x - a.x * b.z, z: a.x * b.y - a.y * b.x })
const normalize = (a: Point) => scale(a, 1 / Math.sqrt(dot(a, a)))
