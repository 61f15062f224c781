/** Keys of the whole page; none while a field or a dialog has the focus. */
export function keyboard(actions: Record<string, () => void>, withControl: Record<string, () => void>): void {
  addEventListener('keydown', (event) => {
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
    // Space presses the button that has the focus.
    if (key === ' ' && target.closest('button, summary, [role=radio]')) return
    const action = actions[key]
    if (!action) return
    event.preventDefault()
    action()
  })
}
