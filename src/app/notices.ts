/** Short messages at the top that go away by themselves. */
import { byId, h } from './dom.ts'
import { icon } from './icons.ts'

const longest = 12_000

export function notice(message: string): void {
  const host = byId('notices')
  for (const other of host.children) if (other.firstChild?.textContent === message) return
  const close = h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Dismiss', onclick: () => element.remove() },
    icon('close'),
  )
  const element = h('div', { class: 'glass notice' }, h('span', {}, message), close)
  host.append(element)
  setTimeout(() => element.remove(), longest)
}
