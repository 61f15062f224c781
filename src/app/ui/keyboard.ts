/** Keys that do one thing however long they are held. */
const once: ReadonlySet<string> = new Set([' ', 'r', '?', '[', ']'])

const fields = 'input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea'

/** Whether a field holds text that was typed and not yet taken: the browser's own undo is for that. */
function watchTyping(): () => boolean {
  let isTyping = false
  addEventListener('input', ({ target }) => (isTyping = (target as Element).matches(fields)), { capture: true })
  for (const type of ['change', 'focusin']) addEventListener(type, () => (isTyping = false), { capture: true })
  return () => isTyping
}

/** Keys of the whole page; none while a dialog has the focus, and in a field only those with control, unless text is being typed there. */
export function keyboard(actions: Record<string, () => void>, withControl: Record<string, () => void>): void {
  // A click leaves the focus on what was clicked; only who came there by keys means it by a space.
  let cameByKeys = false
  const isTyping = watchTyping()
  addEventListener('pointerdown', () => (cameByKeys = false), { capture: true })
  addEventListener('keydown', (event) => {
    if (/^(Tab|Arrow)/.test(event.key)) cameByKeys = true
    const target = event.target as Element
    if (event.altKey || target.closest('dialog')) return
    if (event.ctrlKey || event.metaKey) {
      if (isTyping()) return
      const action = withControl[`${event.shiftKey ? 'shift+' : ''}${event.key.toLowerCase()}`]
      if (!action) return
      event.preventDefault()
      action()
      return
    }
    if (target.closest(`${fields}, select`)) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (key === ' ' && cameByKeys && target.closest('button, summary, [role=radio]')) return
    const action = actions[key]
    if (!action) return
    event.preventDefault()
    // A key held down presses play and reset once; steps follow one another.
    if (!event.repeat || !once.has(key)) action()
  })
  // Firefox presses a button when the space bar comes up.
  addEventListener('keyup', (event) => {
    if (event.key === ' ' && !cameByKeys && (event.target as Element).closest('button, summary, [role=radio]')) event.preventDefault()
  })
}
