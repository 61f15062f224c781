/** A 2D canvas that keeps its element's size in device pixels and draws again when that changes. */
import { h } from '../ui/dom.ts'
import { chartFont } from './palette.ts'

/** Of every chart that may stand in one card in turn, in CSS pixels, so that the card keeps its size. */
export const chartHeight = 264

export interface Surface {
  canvas: HTMLCanvasElement
  redraw(): void
}

/** `label`: its accessible name; a function follows the language, for a chart that stays as long as the page. */
export function surface(
  label: string | (() => string),
  height: number,
  draw: (context: CanvasRenderingContext2D, width: number, height: number) => void,
): Surface {
  const canvas = h('canvas', { class: 'plot', role: 'img', 'aria-label': label, style: `height: ${height}px` })
  const context = canvas.getContext('2d')
  let width = 0
  const redraw = () => {
    if (!context || width === 0) return
    const ratio = devicePixelRatio
    const [w, hgt] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (canvas.width !== w || canvas.height !== hgt) {
      canvas.width = w
      canvas.height = hgt
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    context.font = chartFont()
    draw(context, width, height)
  }
  new ResizeObserver((entries) => {
    width = entries.at(-1)?.contentRect.width ?? 0
    redraw()
  }).observe(canvas)
  return { canvas, redraw }
}

/** Round numbers, about `count` of them, within [low, high]. */
export function ticks(low: number, high: number, count = 4): number[] {
  const span = high - low
  if (!(span > 0) || !Number.isFinite(span)) return [low]
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough
  const result: number[] = []
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-6; value += step)
    result.push(Math.abs(value) < step * 1e-6 ? 0 : value)
  return result
}
