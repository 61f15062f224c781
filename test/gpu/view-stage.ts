import { afterEach, expect } from 'vitest'
import { createInspector } from '../../src/inspect/inspector.ts'
import type { Rgb } from '../../src/view/colour.ts'
import { createView, type View, type ViewSettings } from '../../src/view/view.ts'
import { fixture, type Fixture } from './view-fixture.ts'

/** Size of the canvas in CSS pixels, and its device pixels a CSS pixel. */
export const [width, height, ratio] = [300, 200, 3]
/** What undoes a test, the last first. */
export let made: (() => void)[] = []
afterEach(() => {
  for (const undo of made.toReversed()) undo()
  made = []
})

/** A network's buffers and a view of them on a canvas. */
export interface Stage extends Fixture {
  view: View
  canvas: HTMLCanvasElement
  picture(): ImageData
}

export async function stage(
  widths: number[],
  settings: Partial<ViewSettings> = {},
  options: Parameters<typeof fixture>[1] = {},
): Promise<Stage> {
  const scene = await fixture(widths, options)
  const canvas = document.body.appendChild(document.createElement('canvas'))
  canvas.style.cssText = `position:absolute;left:0;top:0;width:${width}px;height:${height}px`
  const view = await createView(canvas, scene.device, { settings })
  view.resize(width, height, ratio)
  const inspector = createInspector(scene.device, scene.observation)
  view.show(scene.observation, inspector)
  made.push(
    () => scene.destroy(),
    () => inspector.destroy(),
    () => canvas.remove(),
    () => view.dispose(),
  )
  const copy = new OffscreenCanvas(width * ratio, height * ratio).getContext('2d', { willReadFrequently: true })!
  return {
    ...scene,
    view,
    canvas,
    picture() {
      view.render()
      copy.drawImage(canvas, 0, 0)
      return copy.getImageData(0, 0, width * ratio, height * ratio)
    },
  }
}

export function colourAt(image: ImageData, { x, y }: { x: number; y: number }): Rgb {
  const at = 4 * (Math.floor(y * ratio) * image.width + Math.floor(x * ratio))
  return [image.data[at]!, image.data[at + 1]!, image.data[at + 2]!]
}

export function expectColour(actual: Rgb, expected: Rgb, tolerance = 4) {
  const error = Math.max(...actual.map((channel, i) => Math.abs(channel - expected[i]!)))
  if (error > tolerance) expect(actual).toEqual(expected)
}

/** Pixels that differ, by which of these places is the nearest; a place in CSS pixels. */
export function changedAt(before: ImageData, after: ImageData, places: readonly { x: number; y: number }[]): number[] {
  const counts = places.map(() => 0)
  for (let i = 0; i < before.data.length; i += 4) {
    if ([0, 1, 2].every((channel) => Math.abs(before.data[i + channel]! - after.data[i + channel]!) <= 12)) continue
    const [x, y] = [((i / 4) % before.width) / ratio, Math.floor(i / 4 / before.width) / ratio]
    const distances = places.map((place) => Math.hypot(place.x - x, place.y - y))
    counts[distances.indexOf(Math.min(...distances))]!++
  }
  return counts
}
