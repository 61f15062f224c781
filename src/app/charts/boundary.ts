/** The decision boundary of a network with two inputs: what it says at every point of the plane, and the samples on it. */
import type { Dataset } from '../../data/types.ts'
import type { NonFinite } from '../../inspect/layer-statistics.ts'
import { answerOf } from '../run/answer.ts'
import { h, replace, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import { nonFiniteText } from '../words/non-finite.ts'
import { classColour, palette } from './palette.ts'
import { gridSize, type Plane } from './plane.ts'
import { chartHeight, surface, ticks } from './surface.ts'

export interface BoundaryChart {
  element: HTMLElement
  update(dataset: Dataset, plane: Plane, outputs: Float32Array): void
  clear(): void
}

/** Of the key to the samples, in CSS pixels. */
const keyHeight = 18

export function boundaryChart(): BoundaryChart {
  const key = h('div', { class: 'key', style: `height: ${keyHeight}px` })
  const keyTo = (part: 'train' | 'test') => h('span', {}, h('i', { class: part }), () => t(`charts.${part}`))
  const keys = { train: keyTo('train'), test: keyTo('test') }
  const noAnswer = h('span', { class: 'odd', title: () => t('charts.boundary.noAnswer') })
  const field = h('canvas', { width: gridSize, height: gridSize })
  let shown: { dataset: Dataset; plane: Plane } | null = null
  const plot = surface(
    () => t('charts.boundary.chart'),
    chartHeight - keyHeight,
    (context, width, height) => {
      if (!shown) return
      const { dataset, plane } = shown
      const size = Math.min(width - 30, height - 20)
      const left = (width - size) / 2 + 12
      context.save()
      context.beginPath()
      context.roundRect(left, 0, size, size, 8)
      context.clip()
      context.imageSmoothingEnabled = true
      context.imageSmoothingQuality = 'high'
      context.drawImage(field, left, 0, size, size)
      const x = (value: number) => left + ((value - plane.low[0]) / (plane.high[0] - plane.low[0])) * size
      const y = (value: number) => ((plane.high[1] - value) / (plane.high[1] - plane.low[1])) * size
      const isDense = dataset.train.count > 400
      for (const [points, samples, mark] of [
        [plane.train, dataset.train, trainMark],
        [plane.test, dataset.test, testMark],
      ] as const)
        for (let i = 0; i < (samples?.count ?? 0); i++)
          mark(context, x(points[2 * i]!), y(points[2 * i + 1]!), classColour(Math.round(samples!.y[i]!)), isDense)
      context.restore()
      context.fillStyle = palette().ink3
      context.textAlign = 'center'
      for (const tick of ticks(plane.low[0], plane.high[0])) context.fillText(format.tick(tick), x(tick), size + 13)
      context.textAlign = 'right'
      for (const tick of ticks(plane.low[1], plane.high[1]))
        context.fillText(format.tick(tick), left - 6, Math.max(9, Math.min(size - 2, y(tick) + 3)))
    },
  )
  return {
    element: h('div', {}, plot.canvas, key),
    clear() {
      shown = null
      replace(key)
      plot.redraw()
    },
    update(dataset, plane, outputs) {
      if (shown?.dataset !== dataset) replace(key, keys.train, dataset.test && keys.test, noAnswer)
      shown = { dataset, plane }
      const text = nonFiniteText(paint(field, dataset, outputs), gridSize * gridSize)
      setText(noAnswer, text && t('charts.noAnswer', { found: text }))
      plot.redraw()
    },
  }
}

type Mark = (context: CanvasRenderingContext2D, x: number, y: number, fill: string, isDense: boolean) => void

/** Training samples are dots; test samples are larger, on a light ring. */
const trainMark: Mark = (context, x, y, fill, isDense) => disc(context, x, y, isDense ? 1.4 : 2.2, fill, 'rgb(6 8 12 / 0.85)', 0.7)
const testMark: Mark = (context, x, y, fill, isDense) =>
  disc(context, x, y, isDense ? 2.2 : 3.2, fill, 'rgb(255 255 255 / 0.9)', isDense ? 0.9 : 1.1)

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number, fill: string, stroke: string, line: number): void {
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fillStyle = fill
  context.fill()
  context.lineWidth = line
  context.strokeStyle = stroke
  context.stroke()
}

/** A context gives any colour back as `#rrggbb`. */
function channelsOf(context: CanvasRenderingContext2D, colour: string): [number, number, number] {
  context.fillStyle = colour
  const hex = String(context.fillStyle)
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number]
}
const ground = [16, 18, 25] as const

/** Each point in the colour of its class, the paler the less sure the network is; hatched where it has no answer. How many those are. */
function paint(canvas: HTMLCanvasElement, dataset: Dataset, outputs: Float32Array): NonFinite {
  const without = { nan: 0, infinite: 0 }
  const context = canvas.getContext('2d')
  if (!context) return without
  const image = context.createImageData(gridSize, gridSize)
  const width = Math.round(outputs.length / (gridSize * gridSize))
  const colours = Array.from({ length: Math.max(2, width) }, (_, i) => channelsOf(context, classColour(i)))
  for (let i = 0; i < gridSize * gridSize; i++) {
    const said = verdict(outputs.subarray(i * width, (i + 1) * width), dataset)
    if (typeof said === 'string') {
      without[said]++
      const shade = ((i % gridSize) + Math.floor(i / gridSize)) % 4 < 2 ? 34 : 50
      image.data.set([shade, shade, shade + 4, 255], 4 * i)
      continue
    }
    const { best, sureness } = said
    const [r, g, b] = colours[best]!
    const strength = 0.1 + 0.36 * sureness
    image.data.set([mix(ground[0], r, strength), mix(ground[1], g, strength), mix(ground[2], b, strength), 255], 4 * i)
  }
  context.putImageData(image, 0, 0)
  return without
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share

/** The class that the outputs speak for, and how surely, 0 … 1; or why for none. */
export function verdict(outputs: Float32Array, dataset: Pick<Dataset, 'train'>): { best: number; sureness: number } | 'nan' | 'infinite' {
  if (!(dataset.train.y instanceof Int32Array)) {
    const probability = outputs[0]!
    if (Number.isNaN(probability)) return 'nan'
    return { best: probability > 0.5 ? 1 : 0, sureness: Math.min(1, Math.abs(probability - 0.5) * 2) }
  }
  const best = answerOf(outputs, 0, outputs.length)
  if (typeof best === 'string') return best
  let sum = 0
  for (const logit of outputs) sum += Math.exp(logit - outputs[best]!)
  const even = 1 / outputs.length
  return { best, sureness: (1 / sum - even) / (1 - even) }
}
