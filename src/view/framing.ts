import { compose, type Composition } from './composition.ts'
import type { Eye } from './eye.ts'
import type { CollapsibleObservation, Point } from './arrangement.ts'
import type { NamePlan } from './name-plan.ts'

/** The distance between columns depends on the room that the names leave, and their rows on that distance: a few rounds settle it. */
const rounds = 3

/** Arranges a network, and has the eye see it as large as the free area and the names allow; from a direction, or from its own. */
export function frame(observation: CollapsibleObservation, plan: NamePlan | null, eye: Eye, direction?: Point): Composition {
  eye.room = plan?.leastRoom(eye) ?? { left: 0, top: 0 }
  for (let round = 0; ; round++) {
    const { tangent, aspect } = eye.sight()
    const composition = compose(observation, tangent, aspect, eye.upright)
    eye.fit(composition.arrangement, direction ?? composition.direction)
    const missing = plan && round < rounds ? plan.missing(eye, composition.arrangement) : 0
    if (missing < 0.5) {
      if (!direction) eye.forget()
      return composition
    }
    eye.room = { ...eye.room, top: eye.room.top + missing + 1 }
  }
}
