/** The sentence that refuses an input, shown where it was entered; where that place cannot be seen, over the picture too. */
import { effect } from '@preact/signals'
import { language } from '../words/language.ts'
import { problemText } from '../words/problem-text.ts'
import { h, setText } from './dom.ts'
import { notice } from './notices.ts'
import type { Session } from '../run/session.ts'
import type { Place } from '../run/state.ts'
import { whenSteady } from './steady.ts'

/** An element that shows the problem of `place`, and hides without one. */
export function problemOf(session: Session, place: Place): HTMLElement {
  const element = h('p', { class: 'problem', role: 'alert', 'data-place': place, hidden: true })
  let takeBack = () => {}
  const show = () => {
    const { problem, draft } = session.state.value
    const mine = problem?.place === place
    element.hidden = !mine
    const text = mine ? problemText(problem, draft?.layers ?? []) : ''
    setText(element, text)
    takeBack()
    if (!mine) return
    // Another watcher may yet move it to the row that it speaks of.
    const frame = requestAnimationFrame(() => {
      if (isShown(element)) element.scrollIntoView({ block: 'nearest' })
      else takeBack = notice(text)
    })
    takeBack = () => cancelAnimationFrame(frame)
  }
  session.state.watch(
    (state) => state.problem,
    () => whenSteady(show),
  )
  effect(() => {
    void language.value
    whenSteady(show)
  })
  return element
}

/** Whether scrolling can bring it to sight: it lies in no rail that is folded away and in no sheet that is closed. */
const isShown = (element: HTMLElement): boolean => element.checkVisibility({ visibilityProperty: true })
