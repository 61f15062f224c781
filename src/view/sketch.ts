import { linearOf } from './colour.ts'
import type { Eye } from './eye.ts'
import type { ColourReading } from './readout.ts'
import type { DrawnNetwork } from './drawn-network.ts'
import { drawNetwork } from './sketch-network.ts'
import type { ViewSettings } from './types.ts'

/** Steps of the ground from its middle to its rim. */
const groundSteps = 8

interface Size {
  width: number
  height: number
  ratio: number
}

/**
 * The network on a canvas of its own, exactly where the picture will have it: for as long as the picture's pipelines compile, which is seconds on a software
 * adapter. Grey before the first step, then in the picture's colours. Nothing of it needs a pipeline.
 */
export class Sketch {
  readonly #canvas: HTMLCanvasElement
  readonly #beside: HTMLCanvasElement

  constructor(beside: HTMLCanvasElement) {
    this.#beside = beside
    this.#canvas = beside.ownerDocument.createElement('canvas')
    this.#canvas.className = 'view-sketch'
    this.#canvas.setAttribute('aria-hidden', 'true')
    this.#canvas.style.cssText = 'position:absolute;pointer-events:none'
    this.#canvas.hidden = true
    beside.after(this.#canvas)
  }

  get isShown(): boolean {
    return !this.#canvas.hidden
  }

  hide() {
    this.#canvas.hidden = true
  }

  draw(shown: DrawnNetwork, eye: Eye, { width, height, ratio }: Size, settings: ViewSettings, reading: ColourReading | null) {
    const canvas = this.#canvas
    const { style } = canvas
    style.left = `${this.#beside.offsetLeft}px`
    style.top = `${this.#beside.offsetTop}px`
    style.width = `${width}px`
    style.height = `${height}px`
    canvas.width = Math.floor(width * ratio)
    canvas.height = Math.floor(height * ratio)
    canvas.hidden = false
    const context = canvas.getContext('2d')
    if (!context) return
    context.scale(ratio, ratio)
    drawGround(context, width, height)
    drawNetwork(context, shown, eye, height, settings, reading)
  }

  dispose() {
    this.#canvas.remove()
  }
}

/** As `backgroundMesh` has it. */
function drawGround(context: CanvasRenderingContext2D, width: number, height: number) {
  const srgb = (light: number) => 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055)
  const ground = context.createRadialGradient(0.5, 0.46 * 0.9, 0, 0.5, 0.46 * 0.9, 0.72)
  for (let i = 0; i <= groundSteps; i++) {
    const share = i / groundSteps
    const mixed = share * share * (3 - 2 * share)
    const channels = [
      [17, 5],
      [20, 6],
      [29, 10],
    ].map(([middle, rim]) => Math.round(srgb(linearOf(middle!) * (1 - mixed) + linearOf(rim!) * mixed)))
    ground.addColorStop(share, `rgb(${channels.join(' ')})`)
  }
  context.save()
  context.scale(width, height / 0.9)
  context.fillStyle = ground
  context.fillRect(0, 0, 1, 0.9)
  context.restore()
}
