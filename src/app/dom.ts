/** Making elements. Text always enters as text, never as HTML. */

type Attribute = string | number | boolean | null | undefined | ((event: never) => void)
export type Child = Node | string | number | null | undefined | false

/** `h('button', { class: 'quiet', onclick: go }, 'Go')`: functions become listeners, `true` an empty attribute, `false` and `null` none. */
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
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value as EventListener)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
}

const present = (children: Child[]): (Node | string)[] =>
  children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)))

/** Replaces what stands inside, only when the text differs, so that nothing is laid out again for nothing. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

export function replace(element: Element, ...children: Child[]): void {
  element.replaceChildren(...present(children))
}

/** A button that does nothing for now keeps the focus, which a disabled one would lose: its listener asks `isEnabled`. */
export function setEnabled(button: HTMLElement, enabled: boolean): void {
  button.setAttribute('aria-disabled', String(!enabled))
}
export const isEnabled = (button: HTMLElement): boolean => button.getAttribute('aria-disabled') !== 'true'

export function byId<T extends Element = HTMLElement>(id: string): T {
  const element = document.getElementById(id)
  if (!element) throw new Error(`The page has no element #${id}`)
  return element as unknown as T
}

/** A choice of a few, as a row of joined buttons; arrow keys move between them. */
export function segmented<T extends string>(
  label: string,
  options: readonly { value: T; text: string; title?: string }[],
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

export function select<T extends string>(
  label: string,
  options: readonly { value: T; text: string }[],
  value: T,
  onChange: (value: T) => void,
): HTMLSelectElement {
  const element = h(
    'select',
    { 'aria-label': label, onchange: () => onChange(element.value as T) },
    ...options.map((option) => h('option', { value: option.value, selected: option.value === value }, option.text)),
  )
  return element
}

export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  h('a', { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
