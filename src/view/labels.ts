import * as THREE from 'three/webgpu'
import type { Observation } from '../graph/observation.ts'
import { spread } from './label-places.ts'
import type { Arrangement } from './layout.ts'
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
  #labels: Label[] = []
  #upright = false

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    this.#host = canvas.ownerDocument.createElement('div')
    this.#host.className = 'view-labels'
    this.#host.style.cssText =
      'position:absolute;overflow:hidden;pointer-events:none;color:rgb(205 212 228 / 0.86);font:500 11.5px/1.35 Inter,ui-sans-serif,system-ui,sans-serif;letter-spacing:0.01em'
    canvas.after(this.#host)
  }

  show({ columns }: Observation, arrangement: Arrangement) {
    this.#upright = arrangement.upright
    const anchors = anchorsOf(arrangement)
    this.#labels = columns.map(({ label, path }, i) => {
      const element = this.#host.ownerDocument.createElement('div')
      const [name = path, ...rest] = label.split(' · ')
      const title = element.appendChild(this.#host.ownerDocument.createElement('div'))
      title.textContent = name
      if (rest.length > 0) {
        const more = element.appendChild(this.#host.ownerDocument.createElement('div'))
        more.textContent = rest.join(' · ')
        more.style.opacity = '0.62'
      }
      // Unseen until it has a place.
      element.style.cssText =
        'position:absolute;left:0;top:0;visibility:hidden;padding:1px 6px 2px;border-radius:6px;background:rgb(11 12 17 / 0.72);white-space:nowrap;will-change:transform'
      element.style.textAlign = arrangement.upright ? 'left' : 'center'
      return { element, anchor: anchors[i]!, width: 0, height: 0 }
    })
    this.#host.replaceChildren(...this.#labels.map(({ element }) => element))
    for (const label of this.#labels) {
      label.width = label.element.offsetWidth
      label.height = label.element.offsetHeight
    }
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
    spread(boxes, top).forEach(({ x, y }, i) => {
      this.#labels[i]!.element.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`
    })
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
