/** Short messages above the transport that go away by themselves: what went wrong, or what was done. */
import { byId, h } from './dom.ts'
import { icon } from './icons.ts'

const longest = 12_000

/** Returns the way to take it back. */
export function notice(message: string, tone: 'wrong' | 'done' = 'wrong'): () => void {
  const host = byId('notices')
  for (const other of host.children) if (other.firstChild?.textContent === message) other.remove()
  const close = h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Dismiss', onclick: () => element.remove() },
    icon('close'),
  )
  const element = h('div', { class: 'glass notice', 'data-tone': tone }, h('span', {}, message), close)
  host.append(element)
  setTimeout(() => element.remove(), longest)
  return () => element.remove()
}
