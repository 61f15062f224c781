import type { Eye } from './eye.ts'
import type { PlacedName, Wanted } from './label-places.ts'
import type { Arrangement } from './arrangement.ts'
import type { NamePlan } from './name-plan.ts'
import { nameStyle, type Form, type Name } from './names.ts'

const ink = { name: 'rgb(205 212 228 / 0.88)', rest: 0.62, button: 'rgb(255 196 120)', line: 'rgb(205 212 228 / 0.3)' }

/** Names of the columns as text over the canvas: crisp at any size, and text to a screen reader. */
export class Labels {
  readonly #host: HTMLElement
  readonly #canvas: HTMLCanvasElement
  readonly #onToggle: (path: string) => void
  #plan: NamePlan | null = null
  #elements = new Map<Name, { element: HTMLElement; form: Form; narrow: number }>()
  /** Path of the name that had the focus when the names were made anew. */
  #focused: string | null = null
  /** What the places were found for. */
  #seen = ''

  /** `onToggle` hears the path of a group whose name is pressed. */
  constructor(canvas: HTMLCanvasElement, onToggle: (path: string) => void) {
    this.#canvas = canvas
    this.#onToggle = onToggle
    this.#host = canvas.ownerDocument.createElement('div')
    this.#host.className = 'view-labels'
    this.#host.style.cssText = `position:absolute;overflow:hidden;pointer-events:none;color:${ink.name};font:${nameStyle.font};line-height:${nameStyle.lineHeight}px;letter-spacing:0.01em`
    canvas.after(this.#host)
  }

  /** Forgets the names shown before. The new ones are seen once they have places. */
  show(plan: NamePlan) {
    this.#plan = plan
    this.#keepFocus()
    this.#elements.clear()
    this.#host.replaceChildren()
    this.#seen = ''
  }

  /** `width` and `height` of the canvas in CSS pixels; `wanted`: the column whose name is shown in any case. */
  place(eye: Eye, arrangement: Arrangement, width: number, height: number, wanted: Wanted) {
    const { camera } = eye
    const { offsetLeft, offsetTop } = this.#canvas
    const seen = [
      ...camera.matrixWorld.elements,
      ...camera.projectionMatrix.elements,
      offsetLeft,
      offsetTop,
      width,
      height,
      wanted,
      ...Object.values(eye.free()),
      this.#plan?.narrow,
    ].join()
    if (!this.#plan || seen === this.#seen) return
    this.#seen = seen
    Object.assign(this.#host.style, { left: `${offsetLeft}px`, top: `${offsetTop}px`, width: `${width}px`, height: `${height}px` })
    this.#write(this.#plan, this.#plan.place(eye, arrangement, wanted), arrangement.upright)
  }

  #write(plan: NamePlan, placed: readonly PlacedName[], upright: boolean) {
    const lines: HTMLElement[] = []
    // In the order of the network, for whoever hears them.
    const names = placed.toSorted((a, b) => a.name.first - b.name.first || a.name.last - b.name.last)
    const before = new Set(this.#elements.keys())
    for (const { name, form, x, y, width, height, lines: own } of names) {
      let known = this.#elements.get(name)
      before.delete(name)
      if (known?.form !== form || known.narrow !== plan.narrow) {
        const isFocused = known?.element.contains(this.#host.ownerDocument.activeElement)
        const element = this.#make(plan, name, form)
        if (isFocused) this.#focused = name.toggle?.path ?? null
        known?.element.remove()
        known = { element, form, narrow: plan.narrow }
        this.#elements.set(name, known)
      }
      const { element } = known
      element.style.width = `${width}px`
      element.style.height = `${height}px`
      element.style.textAlign = upright && form !== 'glyph' ? 'left' : 'center'
      element.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`
      for (const line of own) lines.push(this.#line(line))
    }
    for (const name of before) {
      this.#elements.get(name)!.element.remove()
      this.#elements.delete(name)
    }
    const wanted = [...names.map(({ name }) => this.#elements.get(name)!.element), ...lines]
    for (const line of this.#host.querySelectorAll('.view-line')) line.remove()
    // What stands where it should is left alone: moving an element takes its focus.
    wanted.forEach((element, i) => {
      if (this.#host.children[i] !== element) this.#host.insertBefore(element, this.#host.children[i] ?? null)
    })
    if (this.#focused !== null) this.#refocus(this.#focused)
  }

  #make(plan: NamePlan, name: Name, form: Form): HTMLElement {
    const document = this.#host.ownerDocument
    const element = document.createElement('div')
    element.className = 'view-name'
    const { side, top, bottom } = nameStyle.padding
    element.style.cssText = `position:absolute;left:0;top:0;box-sizing:border-box;padding:${top}px ${side}px ${bottom}px;border-radius:5px;background:rgb(11 12 17 / 0.72);white-space:nowrap;will-change:transform`
    for (const { text, isRest, isButton } of plan.write(name, form)!.lines) {
      const line = element.appendChild(document.createElement('div'))
      if (isRest) line.style.opacity = String(ink.rest)
      if (isButton && name.toggle) line.append(this.#button(name.toggle, text))
      else line.textContent = text
    }
    return element
  }

  #line({ x, y, width, height }: { x: number; y: number; width: number; height: number }): HTMLElement {
    const line = this.#host.ownerDocument.createElement('div')
    line.className = 'view-line'
    line.style.cssText = `position:absolute;left:0;top:0;width:${width.toFixed(1)}px;height:${height.toFixed(1)}px;background:${ink.line};transform:translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`
    return line
  }

  /** The name of a group as the button that opens or collapses it. */
  #button({ path, title }: NonNullable<Name['toggle']>, text: string) {
    const button = this.#host.ownerDocument.createElement('button')
    button.type = 'button'
    button.className = 'view-fold'
    button.dataset['path'] = path
    button.textContent = text
    button.title = title
    button.style.cssText = `pointer-events:auto;cursor:pointer;font:inherit;letter-spacing:inherit;color:${ink.button};background:none;border:0;min-height:0`
    button.addEventListener('click', () => this.#onToggle(path))
    return button
  }

  #keepFocus() {
    const { activeElement } = this.#host.ownerDocument
    if (activeElement && this.#host.contains(activeElement)) this.#focused = (activeElement as HTMLElement).dataset['path'] ?? null
  }

  /** Gives the focus back to the button that was pressed, once its name is placed again. */
  #refocus(path: string) {
    this.#focused = null
    if (this.#host.ownerDocument.activeElement !== this.#host.ownerDocument.body) return
    for (const button of this.#host.querySelectorAll('button')) if (button.dataset['path'] === path) button.focus()
  }

  dispose() {
    this.#host.remove()
  }
}
