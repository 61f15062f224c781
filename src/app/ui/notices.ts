/** Short messages above the transport that go away by themselves: what went wrong, or what was done. */
import { effect } from '@preact/signals'
import type { Tell } from '../run/tell.ts'
import type { Message } from '../../words/say.ts'
import { said, t } from '../words/language.ts'
import { byId, h, setText } from './dom.ts'
import { icon } from './icons.ts'

const longest = 12_000

const textOf = (told: string | Message): string => (typeof told === 'string' ? told : said(told))

/** With an `action`, a button beside the words does it. */
export const notice: Tell = (told, tone = 'wrong', action) => {
  const text = textOf(told)
  const host = byId('notices')
  for (const other of host.children) if (other.firstChild?.textContent === text) other.remove()
  const close = h('button', { type: 'button', class: 'icon-button', onclick: () => remove() }, icon('close'))
  const button =
    action &&
    h('button', {
      type: 'button',
      class: 'button',
      onclick: () => {
        remove()
        action.act()
      },
    })
  const words = h('span')
  const element = h('div', { class: 'glass notice', 'data-tone': tone }, words, button, close)
  // Its texts follow the language while it stands there.
  const stop = effect(() => {
    setText(words, textOf(told))
    if (button) setText(button, textOf(action.text))
    close.setAttribute('aria-label', t('page.dismiss'))
  })
  const remove = () => {
    stop()
    element.remove()
  }
  host.append(element)
  setTimeout(remove, longest)
  return remove
}
