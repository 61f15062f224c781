import * as THREE from 'three/webgpu'
import type { Observation } from '../graph/observation.ts'
import type { Arrangement } from './layout.ts'

/** Names of the columns as text over the canvas: crisp at any size, and text to a screen reader. */
export class Labels {
  readonly #host: HTMLElement
  readonly #canvas: HTMLCanvasElement
  #labels: { element: HTMLElement; anchor: THREE.Vector3 }[] = []
  #upright = false

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    this.#host = canvas.ownerDocument.createElement('div')
    this.#host.className = 'view-labels'
    this.#host.style.cssText =
      'position:absolute;overflow:hidden;pointer-events:none;color:rgb(205 212 228 / 0.78);font:500 11.5px/1.35 Inter,ui-sans-serif,system-ui,sans-serif;letter-spacing:0.01em;text-shadow:0 0 6px rgb(6 7 11 / 0.95),0 0 2px rgb(6 7 11)'
    canvas.after(this.#host)
  }

  show({ columns }: Observation, arrangement: Arrangement) {
    this.#upright = arrangement.upright
    this.#labels = columns.map(({ label, path }, i) => {
      const { centre, half } = arrangement.places[i]!
      const element = this.#host.ownerDocument.createElement('div')
      const [name = path, ...rest] = label.split(' · ')
      const title = element.appendChild(this.#host.ownerDocument.createElement('div'))
      title.textContent = name
      if (rest.length > 0) {
        const more = element.appendChild(this.#host.ownerDocument.createElement('div'))
        more.textContent = rest.join(' · ')
        more.style.opacity = '0.62'
      }
      element.style.cssText = 'position:absolute;left:0;top:0;white-space:nowrap;will-change:transform'
      element.style.textAlign = arrangement.upright ? 'left' : 'center'
      const anchor = arrangement.upright
        ? new THREE.Vector3(centre.x - half.x, centre.y + half.y, centre.z - half.z)
        : new THREE.Vector3(centre.x, centre.y + half.y, centre.z)
      return { element, anchor }
    })
    this.#host.replaceChildren(...this.#labels.map(({ element }) => element))
  }

  /** `width` and `height` of the canvas and the left end of its free part, in CSS pixels; the camera may look through any part of it. */
  place(camera: THREE.PerspectiveCamera, width: number, height: number, left: number) {
    const { style } = this.#host
    style.left = `${this.#canvas.offsetLeft}px`
    style.top = `${this.#canvas.offsetTop}px`
    style.width = `${width}px`
    style.height = `${height}px`
    const point = new THREE.Vector3()
    for (const { element, anchor } of this.#labels) {
      point.copy(anchor).project(camera)
      // In an upright network the names stand at the left, where no edge ends.
      const x = this.#upright ? left + 12 : ((point.x + 1) / 2) * width
      const y = ((1 - point.y) / 2) * height
      const shift = this.#upright ? 'translate(0,-100%)' : 'translate(-50%,-100%)'
      element.style.transform = `translate(${x.toFixed(1)}px,${(y - 8).toFixed(1)}px) ${shift}`
      element.style.visibility = point.z < 1 ? '' : 'hidden'
    }
  }

  dispose() {
    this.#host.remove()
  }
}
