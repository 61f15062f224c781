import * as THREE from 'three/webgpu'
import { spread } from './label-places.ts'
import type { Arrangement, Shown } from './layout.ts'
import type { Insets } from './types.ts'

interface Label {
  element: HTMLElement
  anchor: THREE.Vector3
  width: number
  height: number
}

/** Between a column and its name, in CSS pixels. */
const gap = 8
/** From the left end of the free area, in an upright network. */
const indent = 8

/** Names of the columns as text over the canvas: crisp at any size, and text to a screen reader. */
export class Labels {
  readonly #host: HTMLElement
  readonly #canvas: HTMLCanvasElement
  readonly #onFold: (path: string) => void
  #labels: Label[] = []
  /** Path of the name that had the focus when the names were made anew. */
  #focused: string | null = null
  #upright = false

  /** `onFold` hears the path of a group whose name is pressed. */
  constructor(canvas: HTMLCanvasElement, onFold: (path: string) => void) {
    this.#canvas = canvas
    this.#onFold = onFold
    this.#host = canvas.ownerDocument.createElement('div')
    this.#host.className = 'view-labels'
    this.#host.style.cssText =
      'position:absolute;overflow:hidden;pointer-events:none;color:rgb(205 212 228 / 0.86);font:500 11.5px/1.35 Inter,ui-sans-serif,system-ui,sans-serif;letter-spacing:0.01em'
    canvas.after(this.#host)
  }

  show({ columns, folds = [] }: Shown, arrangement: Arrangement) {
    this.#upright = arrangement.upright
    const anchors = anchorsOf(arrangement)
    const isFolded = (i: number) => folds.some(({ column, isOpen }) => column === i && !isOpen)
    this.#labels = columns.map(({ label, path }, i) => {
      const element = this.#host.ownerDocument.createElement('div')
      const [name = path, ...rest] = label.split(' · ')
      const { tiles } = arrangement.places[i]!
      const [channels = 0] = columns[i]!.shape
      if (tiles && tiles.shown < channels) rest.push(`${tiles.shown} shown`)
      // Between others of its kind a folded group needs no more than its name.
      if (isFolded(i) && [i - 1, i + 1].every((other) => isFolded(other) && columns[other]!.label.startsWith(name))) rest.length = 0
      const title = element.appendChild(this.#host.ownerDocument.createElement('div'))
      const folded = folds.find(({ column, isOpen }) => column === i && !isOpen)
      if (folded) title.append(this.#button(folded.path, `${name} ▸`, `Open ${name}`))
      else title.textContent = name
      if (rest.length > 0) {
        const more = element.appendChild(this.#host.ownerDocument.createElement('div'))
        more.textContent = rest.join(' · ')
        more.style.opacity = '0.62'
      }
      // The outermost first, as they would open again.
      for (const open of folds.filter(({ column, isOpen }) => column === i && isOpen))
        element
          .appendChild(this.#host.ownerDocument.createElement('div'))
          .append(this.#button(open.path, `◂ ${open.label}`, `Fold ${open.label}`))
      // Unseen until it has a place.
      element.style.cssText =
        'position:absolute;left:0;top:0;visibility:hidden;padding:1px 6px 2px;border-radius:6px;background:rgb(11 12 17 / 0.72);white-space:nowrap;will-change:transform'
      element.style.textAlign = arrangement.upright ? 'left' : 'center'
      return { element, anchor: anchors[i]!, width: 0, height: 0 }
    })
    const { activeElement } = this.#host.ownerDocument
    if (activeElement && this.#host.contains(activeElement)) this.#focused = (activeElement as HTMLElement).dataset['path'] ?? null
    this.#host.replaceChildren(...this.#labels.map(({ element }) => element))
    for (const label of this.#labels) {
      label.width = label.element.offsetWidth
      label.height = label.element.offsetHeight
    }
  }

  /** A name that folds or opens its group: for the pointer and for the keyboard. */
  #button(path: string, text: string, title: string) {
    const button = this.#host.ownerDocument.createElement('button')
    button.type = 'button'
    button.className = 'view-fold'
    button.dataset['path'] = path
    button.textContent = text
    button.title = title
    button.style.cssText =
      'pointer-events:auto;cursor:pointer;font:inherit;letter-spacing:inherit;color:rgb(255 196 120);background:none;border:0;min-height:0'
    button.addEventListener('click', () => this.#onFold(path))
    return button
  }

  /** `width` and `height` of the canvas and what covers it, in CSS pixels; the camera may look through any part of it. */
  place(camera: THREE.PerspectiveCamera, width: number, height: number, { left, right, top }: Insets) {
    const { style } = this.#host
    style.left = `${this.#canvas.offsetLeft}px`
    style.top = `${this.#canvas.offsetTop}px`
    style.width = `${width}px`
    style.height = `${height}px`
    const point = new THREE.Vector3()
    const boxes = this.#labels.map((label) => {
      point.copy(label.anchor).project(camera)
      const x = ((point.x + 1) / 2) * width - label.width / 2
      label.element.style.visibility = point.z < 1 ? '' : 'hidden'
      return {
        // In an upright network the names stand at the left, where few edges end.
        x: this.#upright ? left + indent : Math.min(Math.max(x, left), width - right - label.width),
        y: ((1 - point.y) / 2) * height - gap - label.height,
        width: label.width,
        height: label.height,
      }
    })
    spread(boxes, top, this.#upright).forEach(({ x, y }, i) => {
      this.#labels[i]!.element.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`
    })
    if (this.#focused !== null) this.#refocus(this.#focused)
  }

  /** Who folds by keyboard goes on from there, once the name is seen again. */
  #refocus(path: string) {
    this.#focused = null
    if (this.#host.ownerDocument.activeElement !== this.#host.ownerDocument.body) return
    for (const button of this.#host.querySelectorAll('button')) if (button.dataset['path'] === path) button.focus()
  }

  dispose() {
    this.#host.remove()
  }
}

/**
 * Above each column; in a lying network at the height of the tallest, as the headings of a table, so that no edge crosses a
 * name: edges stay between the tops. Where columns stand one above the other, the upper alone has its name there.
 */
function anchorsOf({ upright, places }: Arrangement): THREE.Vector3[] {
  const topOf = ({ centre, half }: Arrangement['places'][number]) => centre.y + half.y
  if (upright) return places.map(({ centre, half }) => new THREE.Vector3(centre.x - half.x, centre.y + half.y, centre.z - half.z))
  const top = Math.max(...places.map(topOf))
  return places.map((place) => {
    const isUpper = places.every((other) => other === place || other.depth !== place.depth || topOf(other) < topOf(place))
    return new THREE.Vector3(place.centre.x, isUpper ? top : topOf(place), place.centre.z)
  })
}
