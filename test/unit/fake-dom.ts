/** As much of a page as components are drawn on and heard by, without a browser: no layout, no styles, no paths of an event. */

class FakeNode {
  readonly childNodes: FakeNode[] = []
  parentNode: FakeNode | null = null
  readonly nodeType: number
  constructor(nodeType: number) {
    this.nodeType = nodeType
  }

  get firstChild(): FakeNode | null {
    return this.childNodes[0] ?? null
  }
  get nextSibling(): FakeNode | null {
    const siblings = this.parentNode?.childNodes ?? []
    return siblings[siblings.indexOf(this) + 1] ?? null
  }
  get ownerDocument(): unknown {
    return document
  }
  get isConnected(): boolean {
    return (this as FakeNode) === (document.body as unknown) || (this.parentNode?.isConnected ?? false)
  }
  get textContent(): string {
    return this.childNodes.map((child) => child.textContent).join('')
  }
  insertBefore(node: FakeNode, before: FakeNode | null): FakeNode {
    node.remove()
    const at = before ? this.childNodes.indexOf(before) : -1
    this.childNodes.splice(at < 0 ? this.childNodes.length : at, 0, node)
    node.parentNode = this
    return node
  }
  append(...nodes: (FakeNode | string)[]): void {
    for (const node of nodes) this.insertBefore(typeof node === 'string' ? new FakeText(node) : node, null)
  }
  removeChild(node: FakeNode): void {
    node.remove()
  }
  remove(): void {
    const siblings = this.parentNode?.childNodes
    siblings?.splice(siblings.indexOf(this), 1)
    this.parentNode = null
  }
}

class FakeText extends FakeNode {
  data: string
  constructor(data: string) {
    super(3)
    this.data = data
  }
  override get textContent(): string {
    return this.data
  }
}

type Listener = (event: FakeEvent) => unknown
interface FakeEvent {
  type: string
  target: FakeElement
  currentTarget: FakeElement
  preventDefault(): void
}

export class FakeElement extends FakeNode {
  readonly style: Record<string, unknown> = { setProperty: (name: string, value: string) => void (this.style[name] = value) }
  value = ''
  checked = false
  readonly #attributes = new Map<string, string>()
  readonly #listeners = new Map<string, Set<Listener>>()

  readonly localName: string
  constructor(localName: string) {
    super(1)
    this.localName = localName
  }
  setAttribute(name: string, value: unknown): void {
    this.#attributes.set(name.toLowerCase(), String(value))
  }
  removeAttribute(name: string): void {
    this.#attributes.delete(name.toLowerCase())
  }
  getAttribute(name: string): string | null {
    return this.#attributes.get(name.toLowerCase()) ?? null
  }
  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener))
  }
  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener)
  }
  /** Tells its listeners and those around it. */
  fire(type: string, bubbles = true): void {
    for (let element: FakeNode | null = this; element; element = bubbles ? element.parentNode : null) {
      if (!(element instanceof FakeElement)) break
      const event = { type, target: this, currentTarget: element, preventDefault() {} }
      for (const listener of element.#listeners.get(type) ?? []) listener.call(element, event)
    }
  }
  /** A tag, classes and attributes: `button.primary[aria-label="Close"]`; several, separated by spaces, one within another. */
  querySelectorAll(selector: string): FakeElement[] {
    const [first = '', ...inner] = selector.split(/ (?![^[]*\])/)
    const found = this.#within().filter((element) => element.#is(first))
    return inner.length === 0 ? found : [...new Set(found.flatMap((element) => element.querySelectorAll(inner.join(' '))))]
  }
  querySelector(selector: string): FakeElement | null {
    return this.querySelectorAll(selector)[0] ?? null
  }
  get selectedIndex(): number {
    return this.querySelectorAll('option').findIndex(({ value }) => value === this.value)
  }
  scrollIntoView(): void {}
  focus(): void {
    ;(document as { activeElement: unknown }).activeElement = this
  }
  /** Of a dialog. */
  open = false
  showModal(): void {
    this.open = true
  }
  close(): void {
    this.open = false
    this.fire('close', false)
  }
  /** Of a canvas. */
  drawn: unknown = null
  getContext() {
    return { putImageData: (image: unknown) => (this.drawn = image) }
  }

  #within(): FakeElement[] {
    return this.childNodes.flatMap((child) => (child instanceof FakeElement ? [child, ...child.#within()] : []))
  }
  #is(selector: string): boolean {
    const {
      tag = '',
      classes = '',
      attributes = '',
    } = /^(?<tag>\w*)(?<classes>(?:\.[\w-]+)*)(?<attributes>.*)$/.exec(selector)?.groups ?? {}
    const own = (this.getAttribute('class') ?? '').split(' ')
    return (
      (tag === '' || tag === this.localName) &&
      [...classes.matchAll(/\.([\w-]+)/g)].every(([, name = '']) => own.includes(name)) &&
      [...attributes.matchAll(/\[([\w-]+)="?([^"\]]*)"?\]/g)].every(([, name = '', value]) => this.getAttribute(name) === value)
    )
  }
}

/** Puts it in the place of the page; answers with its body. */
export function fakePage(): FakeElement {
  const body = new FakeElement('body')
  const createElement = (tag: string) => new FakeElement(tag)
  Object.assign(globalThis, {
    document: {
      body,
      activeElement: body,
      createElement,
      createElementNS: (_: string, tag: string) => createElement(tag),
      createTextNode: (text: string) => new FakeText(text),
    },
    Node: FakeNode,
    ImageData: class {
      readonly width: number
      constructor(_: Uint8ClampedArray, width: number) {
        this.width = width
      }
    },
  })
  return body
}

/** Until what was changed is drawn. */
export const drawn = (milliseconds = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
