/** A card of the right rail: a heading, what stands beside it, and a body. */
import { byId, h } from './dom.ts'

export interface Card {
  element: HTMLElement
  title: HTMLElement
  note: HTMLElement
  head: HTMLElement
  body: HTMLElement
  /** Whether it is in sight: hidden cards need not be drawn. */
  readonly seen: boolean
}

export function card(id: string, title: string): Card {
  const heading = h('h3', { id: `${id}-title` }, title)
  const note = h('span', { class: 'note' })
  const head = h('header', { class: 'card-head' }, heading, note)
  const body = h('div', { class: 'card-body' })
  const element = h('section', { class: 'card', id, 'aria-labelledby': `${id}-title` }, head, body)
  byId('cards').append(element)
  let seen = false
  new IntersectionObserver((entries) => {
    seen = entries.at(-1)?.isIntersecting ?? false
  }).observe(element)
  return {
    element,
    title: heading,
    note,
    head,
    body,
    get seen() {
      return seen && !element.hidden
    },
  }
}
