/** The confusion matrix: a row for each true class, a column for each predicted one. */
import type { NonFinite } from '../../inspect/layer-statistics.ts'
import { answerOf } from '../run/answer.ts'
import { h, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import { nonFiniteSentence } from '../words/non-finite.ts'
import { chartFont, palette } from './palette.ts'
import { chartHeight, surface } from './surface.ts'

export interface ConfusionChart {
  element: HTMLElement
  update(confusion: Confusion, names: readonly string[]): void
  clear(): void
}

export interface Confusion extends NonFinite {
  /** `counts[true · classes + predicted]`. */
  counts: Uint32Array
  /** Samples of each true class for which the network has no answer: `nan` of them in all for outputs that are NaN, `infinite` for infinite ones. */
  unanswered: Uint32Array
}

/** Of the line that tells a cell in words, in CSS pixels. */
const lineHeight = 16

export function confusionOf(labels: ArrayLike<number>, outputs: ArrayLike<number>, classes: number): Confusion {
  const confusion = { counts: new Uint32Array(classes * classes), unanswered: new Uint32Array(classes), nan: 0, infinite: 0 }
  for (let i = 0; i < labels.length; i++) {
    const answer = answerOf(outputs, i * classes, classes)
    if (typeof answer === 'number') confusion.counts[labels[i]! * classes + answer]!++
    else {
      confusion.unanswered[labels[i]!]!++
      confusion[answer]++
    }
  }
  return confusion
}

/** `no answer: 3 of 20 outputs are NaN`; empty where there is one for each sample. */
export function noAnswerText({ counts, nan, infinite }: Confusion): string {
  const samples = counts.reduce((sum, count) => sum + count, nan + infinite)
  const found = nonFiniteSentence({ nan, infinite }, samples, 'outputs')
  return found && t('charts.noAnswer', { found })
}

export function confusionChart(): ConfusionChart {
  let matrix: { confusion: Confusion; names: readonly string[] } | null = null
  let hovered: { row: number; column: number } | null = null
  const text = h('p', { class: 'note', style: `height: ${lineHeight}px; color: var(--ink-3); font-size: var(--small)` })
  const plot = surface(
    () => t('charts.confusion.chart'),
    chartHeight - lineHeight,
    (context, width, height) => {
      if (!matrix) return
      const {
        confusion: { counts, unanswered },
        names,
      } = matrix
      const { ink, ink2, ink3, accent, onAccent, mistake } = palette()
      const classes = names.length
      const longest = Math.max(...names.map((name) => context.measureText(name).width))
      const left = Math.min(84, longest + 22)
      const short = longest < 26
      const top = short ? 16 : 6
      const bottom = short ? 14 : 16
      const [wide, tall] = [(width - left - 2) / classes, (height - top - bottom) / classes]
      context.textBaseline = 'middle'
      names.forEach((name, row) => {
        const answered = counts.subarray(row * classes, (row + 1) * classes).reduce((a, b) => a + b, 0)
        const total = answered + unanswered[row]!
        for (let column = 0; column < classes; column++) {
          const count = counts[row * classes + column]!
          const share = total > 0 ? count / total : 0
          const right = row === column
          // Mistakes are few: a root lifts them out of the dark.
          const strength = right ? share : Math.sqrt(share)
          context.fillStyle = answered === 0 ? ink : right ? accent : mistake
          context.globalAlpha = answered === 0 ? 0.03 : right ? 0.06 + 0.72 * strength : count > 0 ? 0.1 + 0.8 * strength : 0.03
          const [x, y] = [left + column * wide, top + row * tall]
          context.beginPath()
          context.roundRect(x + 0.75, y + 0.75, wide - 1.5, tall - 1.5, 3)
          context.fill()
          context.globalAlpha = 1
          if (hovered?.row === row && hovered.column === column) {
            context.strokeStyle = ink
            context.stroke()
          }
          if (count > 0 && wide > 19 && tall > 13) {
            context.fillStyle = right && strength > 0.5 ? onAccent : ink
            context.textAlign = 'center'
            context.font = chartFont(classes > 6 ? 9 : 11)
            context.fillText(count >= 10_000 ? format.scaled(count) : String(count), x + wide / 2, y + tall / 2 + 0.5)
            context.font = chartFont()
          }
        }
        context.fillStyle = ink2
        context.textAlign = 'right'
        context.fillText(name, left - 6, top + (row + 0.5) * tall, left - 18)
        context.textAlign = 'center'
        if (short) context.fillText(name, left + (row + 0.5) * wide, top - 8)
      })
      context.fillStyle = ink3
      context.fillText(t('charts.confusion.predicted'), left + (width - left) / 2, height - 5)
      context.save()
      context.translate(6, top + (height - top - bottom) / 2)
      context.rotate(-Math.PI / 2)
      context.fillText(t('charts.confusion.true'), 0, 0)
      context.restore()
      plotted = { left, top, wide, tall }
    },
  )
  let plotted = { left: 0, top: 0, wide: 1, tall: 1 }
  plot.canvas.addEventListener('pointermove', (event) => {
    const { left, top, wide, tall } = plotted
    const [row, column] = [Math.floor((event.offsetY - top) / tall), Math.floor((event.offsetX - left) / wide)]
    const inside = matrix && row >= 0 && column >= 0 && row < matrix.names.length && column < matrix.names.length
    hovered = inside ? { row, column } : null
    tell()
    plot.redraw()
  })
  plot.canvas.addEventListener('pointerleave', () => {
    hovered = null
    tell()
    plot.redraw()
  })
  /** The cell under the pointer; without one, how much of the matrix is missing. */
  const tell = () => {
    if (!matrix) return setText(text, '')
    const { confusion, names } = matrix
    if (!hovered) return setText(text, noAnswerText(confusion))
    const { row, column } = hovered
    const count = format.integer(confusion.counts[row * names.length + column]!)
    const [name, predicted] = [names[row]!, names[column]!]
    setText(
      text,
      row === column ? t('charts.confusion.correct', { name, count }) : t('charts.confusion.mistaken', { name, predicted, count }),
    )
  }
  return {
    element: h('div', {}, plot.canvas, text),
    update(confusion, names) {
      matrix = { confusion, names }
      if (hovered && !(hovered.row < names.length && hovered.column < names.length)) hovered = null
      tell()
      plot.redraw()
    },
    clear() {
      matrix = null
      tell()
      plot.redraw()
    },
  }
}
