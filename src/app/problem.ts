/** The sentence that refuses an input, shown where it was entered. */
import { h, setText } from './dom.ts'
import type { Session } from './session.ts'
import type { Place } from './state.ts'

/** An element that shows the problem of `place`, and hides without one. */
export function problemOf(session: Session, place: Place): HTMLElement {
  const element = h('p', { class: 'problem', role: 'alert', hidden: true })
  session.state.watch(
    (state) => state.problem,
    (problem) => {
      const mine = problem?.place === place
      element.hidden = !mine
      setText(element, mine ? problem.message : '')
    },
  )
  return element
}
