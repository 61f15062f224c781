/** Where a card stands in the right rail: a heading, what stands beside it, and a body. */
import { signal } from '@preact/signals'
import type { Code } from '../../words/say.ts'
import { byId, h } from '../ui/dom.ts'
import { t } from '../words/language.ts'
import type { Card } from './card.ts'

export interface Place {
  element: HTMLElement
  note: HTMLElement
  body: HTMLElement
  /** Another title, as the data ask for it. */
  entitle(title: Code): void
  /** Whether it is in sight: hidden cards need not be drawn. */
  readonly seen: boolean
}

export function placeFor({ id, title, name, note: noted }: Pick<Card, 'id' | 'title' | 'name' | 'note'>): Place {
  const shown = signal(title)
  const note = h('span', { class: 'note' }, noted && (() => t(noted)))
  const body = h('div', { class: 'card-body' })
  const element = h(
    'section',
    { class: 'card', id: `card-${id}`, 'aria-label': () => t(name) },
    h(
      'header',
      { class: 'card-head' },
      h('h3', {}, () => t(shown.value)),
      note,
    ),
    body,
  )
  byId('cards').append(element)
  let seen = false
  new IntersectionObserver((entries) => {
    seen = entries.at(-1)?.isIntersecting ?? false
  }).observe(element)
  return {
    element,
    note,
    body,
    entitle: (next) => (shown.value = next),
    get seen() {
      return seen && !element.hidden
    },
  }
}
