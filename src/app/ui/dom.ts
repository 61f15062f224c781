/** Making elements. Text always enters as text, never as HTML. */
import { effect } from '@preact/signals'

type Attribute = string | number | boolean | null | undefined | ((event: never) => void) | (() => string)
export type Child = Node | string | number | null | undefined | false | (() => string)

/**
 * `h('button', { class: 'quiet', title: () => t('page.go'), onclick: go }, () => t('page.go'))`: functions named `on…` become listeners; other functions,
 * and functions among the children, give a text that follows the signals that they read, for the life of the page: dialogs are made by Preact.
 * `true` is an empty attribute, `false` and `null` none.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  assign(element, attributes)
  element.append(...present(children))
  return element
}

const svgNamespace = 'http://www.w3.org/2000/svg'

export function svg(tag: string, attributes: Record<string, Attribute> = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS(svgNamespace, tag)
  assign(element, attributes)
  element.append(...present(children))
  return element
}

function assign(element: Element, attributes: Record<string, Attribute>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function' && name.startsWith('on')) element.addEventListener(name.slice(2), value as EventListener)
    else if (typeof value === 'function') effect(() => element.setAttribute(name, (value as () => string)()))
    else element.setAttribute(name, value === true ? '' : String(value))
  }
}

const present = (children: Child[]): (Node | string)[] =>
  children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : typeof child === 'function' ? text(child) : String(child)))

/** A text that follows the signals that it is made of. */
function text(content: () => string): Text {
  const node = document.createTextNode('')
  effect(() => {
    node.data = content()
  })
  return node
}

/** Says the page's own elements, which name their sentences: `data-say` the text, `data-say-label` the accessible name. */
export function sayPage(word: (code: string) => string): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-say]')) effect(() => setText(element, word(element.dataset['say']!)))
  for (const element of document.querySelectorAll<HTMLElement>('[data-say-label]'))
    effect(() => element.setAttribute('aria-label', word(element.dataset['sayLabel']!)))
}

/** Replaces what stands inside, only when the text differs, so that nothing is laid out again for nothing. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

export function replace(element: Element, ...children: Child[]): void {
  element.replaceChildren(...present(children))
}

/** A button that does nothing for now keeps the focus, which a disabled one would lose. */
export function setEnabled(button: HTMLElement, enabled: boolean): void {
  button.setAttribute('aria-disabled', String(!enabled))
}

export function byId<T extends Element = HTMLElement>(id: string): T {
  const element = document.getElementById(id)
  if (!element) throw new Error(`The page has no element #${id}`)
  return element as unknown as T
}

/** A choice of a few, as a row of joined buttons; arrow keys move between them. */
export function segmented<T extends string>(
  label: string | (() => string),
  options: readonly { value: T; text: string | (() => string); title?: string | (() => string) }[],
  value: T,
  onChange: (value: T) => void,
): { element: HTMLElement; set(value: T): void } {
  const buttons = options.map((option) =>
    h('button', { type: 'button', role: 'radio', class: 'segment', title: option.title, onclick: () => choose(option.value) }, option.text),
  )
  const element = h('div', { class: 'segmented', role: 'radiogroup', 'aria-label': label, onkeydown: move }, ...buttons)
  const set = (chosen: T) =>
    options.forEach((option, i) => {
      buttons[i]?.setAttribute('aria-checked', String(option.value === chosen))
      buttons[i]?.setAttribute('tabindex', option.value === chosen ? '0' : '-1')
    })
  function choose(chosen: T) {
    set(chosen)
    onChange(chosen)
  }
  function move(event: KeyboardEvent) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (!by) return
    event.preventDefault()
    const now = buttons.findIndex((button) => button.getAttribute('aria-checked') === 'true')
    const next = (now + by + buttons.length) % buttons.length
    buttons[next]?.focus()
    const option = options[next]
    if (option) choose(option.value)
  }
  set(value)
  return { element, set }
}

export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  h('a', { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
