/** The confusion matrix: a row for each true class, a column for each predicted one. */
import { h } from './dom.ts'
import * as format from './format.ts'
import { chartHeight, colour, surface } from './surface.ts'

export interface ConfusionChart {
  element: HTMLElement
  /** `counts[true · classes + predicted]`. */
  update(counts: Uint32Array, names: readonly string[]): void
  clear(): void
}

/** Of the line that tells a cell in words, in CSS pixels. */
const lineHeight = 16

export function confusionOf(labels: ArrayLike<number>, outputs: ArrayLike<number>, classes: number): Uint32Array {
  const counts = new Uint32Array(classes * classes)
  for (let i = 0; i < labels.length; i++) {
    let best = 0
    for (let k = 1; k < classes; k++) if (outputs[i * classes + k]! > outputs[i * classes + best]!) best = k
    counts[labels[i]! * classes + best]!++
  }
  return counts
}

export function confusionChart(): ConfusionChart {
  let matrix: { counts: Uint32Array; names: readonly string[] } | null = null
  let hovered: { row: number; column: number } | null = null
  const text = h('p', { class: 'note', style: `height: ${lineHeight}px; color: var(--ink-3); font-size: var(--small)` })
  const plot = surface('Confusion matrix', chartHeight - lineHeight, (context, width, height) => {
    if (!matrix) return
    const { counts, names } = matrix
    const classes = names.length
    const longest = Math.max(...names.map((name) => context.measureText(name).width))
    const left = Math.min(84, longest + 22)
    const short = longest < 26
    const top = short ? 16 : 6
    const bottom = short ? 14 : 16
    const [wide, tall] = [(width - left - 2) / classes, (height - top - bottom) / classes]
    context.textBaseline = 'middle'
    names.forEach((name, row) => {
      const total = counts.subarray(row * classes, (row + 1) * classes).reduce((a, b) => a + b, 0)
      for (let column = 0; column < classes; column++) {
        const count = counts[row * classes + column]!
        const share = total > 0 ? count / total : 0
        const right = row === column
        // Mistakes are few: a root lifts them out of the dark.
        const strength = right ? share : Math.sqrt(share)
        context.fillStyle = right
          ? `rgb(95 224 205 / ${0.06 + 0.72 * strength})`
          : `rgb(242 95 181 / ${count > 0 ? 0.1 + 0.8 * strength : 0.03})`
        const [x, y] = [left + column * wide, top + row * tall]
        context.beginPath()
        context.roundRect(x + 0.75, y + 0.75, wide - 1.5, tall - 1.5, 3)
        context.fill()
        if (hovered?.row === row && hovered.column === column) {
          context.strokeStyle = colour.ink
          context.stroke()
        }
        if (count > 0 && wide > 19 && tall > 13) {
          context.fillStyle = right && strength > 0.5 ? '#06231f' : colour.ink
          context.textAlign = 'center'
          context.font = `${classes > 6 ? 9 : 11}px Inter, ui-sans-serif, system-ui, sans-serif`
          context.fillText(count >= 10_000 ? format.scaled(count) : String(count), x + wide / 2, y + tall / 2 + 0.5)
          context.font = '10px Inter, ui-sans-serif, system-ui, sans-serif'
        }
      }
      context.fillStyle = colour.ink2
      context.textAlign = 'right'
      context.fillText(name, left - 6, top + (row + 0.5) * tall, left - 18)
      context.textAlign = 'center'
      if (short) context.fillText(name, left + (row + 0.5) * wide, top - 8)
    })
    context.fillStyle = colour.ink3
    context.fillText('predicted', left + (width - left) / 2, height - 5)
    context.save()
    context.translate(6, top + (height - top - bottom) / 2)
    context.rotate(-Math.PI / 2)
    context.fillText('true', 0, 0)
    context.restore()
    plotted = { left, top, wide, tall }
  })
  let plotted = { left: 0, top: 0, wide: 1, tall: 1 }
  plot.canvas.addEventListener('pointermove', (event) => {
    const { left, top, wide, tall } = plotted
    const [row, column] = [Math.floor((event.offsetY - top) / tall), Math.floor((event.offsetX - left) / wide)]
    const inside = matrix && row >= 0 && column >= 0 && row < matrix.names.length && column < matrix.names.length
    hovered = inside ? { row, column } : null
    if (matrix && hovered)
      text.textContent = `${matrix.names[row]} taken for ${row === column ? 'what it is' : matrix.names[column]}: ${format.integer(matrix.counts[row * matrix.names.length + column]!)}`
    plot.redraw()
  })
  plot.canvas.addEventListener('pointerleave', () => {
    hovered = null
    text.textContent = ''
    plot.redraw()
  })
  return {
    element: h('div', {}, plot.canvas, text),
    update(counts, names) {
      matrix = { counts, names }
      plot.redraw()
    },
    clear() {
      matrix = null
      text.textContent = ''
      plot.redraw()
    },
  }
}
