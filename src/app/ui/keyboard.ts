/** Keys that do one thing however long they are held. */
const once: ReadonlySet<string> = new Set([' ', 'r', '?', '[', ']'])

/** Keys of the whole page; none while a field or a dialog has the focus. */
export function keyboard(actions: Record<string, () => void>, withControl: Record<string, () => void>): void {
  // A click leaves the focus on what was clicked; only who came there by keys means it by a space.
  let cameByKeys = false
  addEventListener('pointerdown', () => (cameByKeys = false), { capture: true })
  addEventListener('keydown', (event) => {
    if (/^(Tab|Arrow)/.test(event.key)) cameByKeys = true
    const target = event.target as Element
    const typing = target.closest('input:not([type=range]):not([type=checkbox]):not([type=radio]), select, textarea, dialog') !== null
    if (typing || event.altKey) return
    if (event.ctrlKey || event.metaKey) {
      const action = withControl[`${event.shiftKey ? 'shift+' : ''}${event.key.toLowerCase()}`]
      if (!action) return
      event.preventDefault()
      action()
      return
    }
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
