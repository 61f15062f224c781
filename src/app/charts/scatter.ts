/** Prediction against target, for regression: a perfect network puts every point on the diagonal. */
import { h, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import { countNonFinite, nonFiniteSentence } from '../words/non-finite.ts'
import { palette } from './palette.ts'
import { chartHeight, surface, ticks } from './surface.ts'

export interface ScatterChart {
  element: HTMLElement
  /** `unit` names the target, in whose unit both are. */
  update(target: ArrayLike<number>, prediction: ArrayLike<number>, unit: string): void
  clear(): void
}

const most = 2000
/** Of the line below, in CSS pixels. */
const lineHeight = 16
const margin = { left: 46, right: 8, top: 20, bottom: 30 }

export function scatterChart(): ScatterChart {
  let points: { target: ArrayLike<number>; prediction: ArrayLike<number>; low: number; high: number; unit: string } | null = null
  const text = h('p', { class: 'note odd', style: `height: ${lineHeight}px; font-size: var(--small)` })
  const plot = surface(
    () => t('charts.scatter.chart'),
    chartHeight - lineHeight,
    (context, width, height) => {
      if (!points) return
      const { target, prediction, low, high, unit } = points
      const { ink3, line, accent, mark } = palette()
      const span = high - low || 1
      const x = (value: number) => margin.left + ((value - low) / span) * (width - margin.left - margin.right)
      const y = (value: number) => height - margin.bottom - ((value - low) / span) * (height - margin.top - margin.bottom)
      context.fillStyle = ink3
      context.strokeStyle = line
      context.beginPath()
      for (const tick of ticks(low, high)) {
        context.moveTo(x(tick), y(low))
        context.lineTo(x(tick), y(high))
        context.moveTo(x(low), y(tick))
        context.lineTo(x(high), y(tick))
        context.textAlign = 'center'
        context.fillText(format.tick(tick), x(tick), height - margin.bottom + 13)
        context.textAlign = 'right'
        context.fillText(format.tick(tick), margin.left - 6, y(tick) + 3)
      }
      context.stroke()
      context.textAlign = 'center'
      context.fillText(
        unit ? t('charts.scatter.targetIn', { unit }) : t('charts.scatter.target'),
        (margin.left + width - margin.right) / 2,
        height - 3,
      )
      context.textAlign = 'left'
      context.fillText(t('charts.scatter.prediction'), 0, 9)
      context.strokeStyle = mark
      context.beginPath()
      context.moveTo(x(low), y(low))
      context.lineTo(x(high), y(high))
      context.stroke()
      context.fillStyle = accent
      context.globalAlpha = target.length > 400 ? 0.45 : 0.75
      const every = Math.max(1, Math.ceil(target.length / most))
      for (let i = 0; i < target.length; i += every) {
        if (!Number.isFinite(target[i]) || !Number.isFinite(prediction[i])) continue
        context.beginPath()
        context.arc(x(target[i]!), y(prediction[i]!), 2, 0, 2 * Math.PI)
        context.fill()
      }
      context.globalAlpha = 1
    },
  )
  return {
    element: h('div', {}, plot.canvas, text),
    update(target, prediction, unit) {
      let [low, high] = [Infinity, -Infinity]
      for (const values of [target, prediction])
        for (let i = 0; i < values.length; i++) {
          const value = values[i]!
          if (!Number.isFinite(value)) continue
          low = Math.min(low, value)
          high = Math.max(high, value)
        }
      if (low > high) [low, high] = [0, 1]
      const found = nonFiniteSentence(countNonFinite(prediction), prediction.length, 'predictions')
      setText(text, found && t('charts.scatter.notDrawn', { found }))
      const room = (high - low || 1) * 0.04
      // Edges keep still while the points move a little.
      if (
        points &&
        same(points.target, target) &&
        low >= points.low &&
        high <= points.high &&
        high - low > 0.6 * (points.high - points.low)
      )
        points = { ...points, prediction, unit }
      else points = { target, prediction, unit, low: low - room, high: high + room }
      plot.redraw()
    },
    clear() {
      points = null
      setText(text, '')
      plot.redraw()
    },
  }
}

const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i])
