/** A page of elements that hold what is put into them, tell who listens what is fired at them, and draw nothing. */
import { vi } from 'vitest'

class FakeNode {
  parent: FakeElement | null = null
  get parentNode(): FakeElement | null {
    return this.parent
  }
  get nextSibling(): FakeNode | null {
    const siblings = this.parent?.nodes ?? []
    return siblings[siblings.indexOf(this) + 1] ?? null
  }
  get ownerDocument(): unknown {
    return document
  }
  remove(): void {
    this.replaceWith()
  }
  replaceWith(...others: (FakeNode | string)[]): void {
    const { parent } = this
    if (!parent) return
    const own = others.map(asNode)
    for (const other of own) other.parent = parent
    parent.nodes.splice(parent.nodes.indexOf(this), 1, ...own)
    this.parent = null
  }
}

class FakeText extends FakeNode {
  readonly nodeType = 3
  data: string
  constructor(data: string) {
    super()
    this.data = data
  }
}

const asNode = (child: FakeNode | string): FakeNode => (child instanceof FakeNode ? child : new FakeText(child))

export class FakeElement extends FakeNode {
  readonly nodeType = 1
  readonly tag: string
  readonly attributes = new Map<string, string>()
  readonly nodes: FakeNode[] = []
  readonly dataset: Record<string, string> = {}
  readonly style: Record<string, unknown> = { setProperty: () => {} }
  readonly classList = {
    add: (name: string) => this.setAttribute('class', `${this.getAttribute('class') ?? ''} ${name}`.trim()),
    remove: () => {},
    toggle: () => {},
  }
  readonly listeners = new Map<string, ((event: unknown) => void)[]>()
  disabled = false
  checked = false
  value = ''
  selectedIndex = 0
  /** Of a dialog, or of details. */
  open = false

  constructor(tag: string) {
    super()
    this.tag = tag
  }
  get children(): FakeElement[] {
    return this.nodes.filter((node) => node instanceof FakeElement)
  }
  get childElementCount(): number {
    return this.children.length
  }
  get textContent(): string {
    return this.nodes.map((node) => (node instanceof FakeElement ? node.textContent : (node as FakeText).data)).join('')
  }
  set textContent(text: string) {
    this.replaceChildren(...(text ? [text] : []))
  }
  get hidden(): boolean {
    return this.attributes.has('hidden')
  }
  set hidden(is: boolean) {
    this.toggleAttribute('hidden', is)
  }
  get title(): string {
    return this.attributes.get('title') ?? ''
  }
  set title(text: string) {
    this.setAttribute('title', text)
  }
  get childNodes(): readonly FakeNode[] {
    return this.nodes
  }
  get firstChild(): FakeNode | null {
    return this.nodes[0] ?? null
  }
  insertBefore(child: FakeNode, before: FakeNode | null): void {
    if (!before) return this.append(child)
    child.remove()
    child.parent = this
    this.nodes.splice(this.nodes.indexOf(before), 0, child)
  }
  removeChild(child: FakeNode): void {
    child.remove()
  }
  appendChild(child: FakeNode): void {
    this.append(child)
  }
  contains(other: FakeNode | null): boolean {
    return other === this || (other?.parent ? this.contains(other.parent) : false)
  }
  append(...children: (FakeNode | string)[]): void {
    for (const child of children.map(asNode)) {
      child.remove()
      child.parent = this
      this.nodes.push(child)
    }
  }
  replaceChildren(...children: (FakeNode | string)[]): void {
    for (const node of this.nodes.splice(0)) node.parent = null
    this.append(...children)
  }
  setAttribute(name: string, value: unknown): void {
    this.attributes.set(name.toLowerCase(), String(value))
  }
  getAttribute(name: string): string | null {
    return this.attributes.get(name.toLowerCase()) ?? null
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name.toLowerCase())
  }
  toggleAttribute(name: string, is: boolean): void {
    if (is) this.attributes.set(name, '')
    else this.attributes.delete(name)
  }
  addEventListener(type: string, listener: (event: unknown) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener])
  }
  getContext(): null {
    return null
  }
  focus(): void {}
  scrollIntoView(): void {}
  showModal(): void {
    this.open = true
  }
  close(): void {
    this.open = false
    this.fire('close', false)
  }

  /** Tells who listens to it and, where it bubbles, to what is around it. */
  fire(type: string, bubbles = true): void {
    for (const element of bubbles ? [this, ...this.#ancestors()] : [this]) {
      const event = { type, target: this, currentTarget: element, preventDefault() {} }
      for (const listener of element.listeners.get(type) ?? []) listener.call(element, event)
    }
  }

  #ancestors(): FakeElement[] {
    return this.parent ? [this.parent, ...this.parent.#ancestors()] : []
  }

  /** By tag, classes and attributes: `button.primary[aria-label="Close"]`; separated by spaces, one within another. */
  querySelectorAll(selector: string): FakeElement[] {
    const [first = '', ...inner] = selector.split(/ (?![^[]*\])/)
    const found = this.#within().filter((element) => element.#is(first))
    return inner.length === 0 ? found : [...new Set(found.flatMap((element) => element.querySelectorAll(inner.join(' '))))]
  }
  querySelector(selector: string): FakeElement | null {
    return this.querySelectorAll(selector)[0] ?? null
  }
  #within(): FakeElement[] {
    return this.children.flatMap((child) => [child, ...child.#within()])
  }
  #is(selector: string): boolean {
    const {
      tag = '',
      classes = '',
      attributes = '',
    } = /^(?<tag>\w*)(?<classes>(?:\.[\w-]+)*)(?<attributes>.*)$/.exec(selector)?.groups ?? {}
    const own = (this.getAttribute('class') ?? '').split(' ')
    return (
      (tag === '' || tag === this.tag) &&
      [...classes.matchAll(/\.([\w-]+)/g)].every(([, name = '']) => own.includes(name)) &&
      [...attributes.matchAll(/\[([\w-]+)="?([^"\]]*)"?\]/g)].every(([, name = '', value]) => this.getAttribute(name) === value)
    )
  }

  /** Everything within with this class. */
  all(className: string): FakeElement[] {
    return this.children.flatMap((child) => [
      ...(child.attributes.get('class')?.split(' ').includes(className) ? [child] : []),
      ...child.all(className),
    ])
  }
}

export interface FakeDom {
  body: FakeElement
  byId(id: string): FakeElement
  /** Scrolls elements in sight, or out of it. */
  see(id: string, is: boolean): void
}

/** In place of the globals, until `vi.unstubAllGlobals`; it has an element for every id that is asked for. */
export function fakeDom(): FakeDom {
  const body = new FakeElement('body')
  const known = new Map<string, FakeElement>()
  const observed = new Map<FakeElement, (entries: { isIntersecting: boolean }[]) => void>()
  const find = (id: string, within: FakeElement): FakeElement | undefined =>
    within.attributes.get('id') === id ? within : within.children.map((child) => find(id, child)).find(Boolean)
  const byId = (id: string): FakeElement => {
    const found = [body, ...known.values()].map((root) => find(id, root)).find(Boolean)
    if (found) return found
    const element = new FakeElement('div')
    known.set(id, element)
    element.setAttribute('id', id)
    return element
  }
  vi.stubGlobal('Node', FakeNode)
  vi.stubGlobal('document', {
    body,
    head: new FakeElement('head'),
    documentElement: new FakeElement('html'),
    querySelector: () => null,
    createElement: (tag: string) => new FakeElement(tag),
    createElementNS: (_: string, tag: string) => new FakeElement(tag),
    createTextNode: (data: string) => new FakeText(data),
    getElementById: byId,
  })
  vi.stubGlobal('window', { addEventListener() {}, matchMedia: () => ({ matches: false }) })
  vi.stubGlobal('getComputedStyle', () => ({ getPropertyValue: () => '#5fe0cd' }))
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
    },
  )
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      readonly tell: (entries: { isIntersecting: boolean }[]) => void
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
        this.tell = tell
      }
      observe(element: FakeElement) {
        observed.set(element, this.tell)
      }
    },
  )
  return { body, byId, see: (id, isIntersecting) => observed.get(byId(id))?.([{ isIntersecting }]) }
}

/** Until what was changed is drawn. */
export const drawn = (milliseconds = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
