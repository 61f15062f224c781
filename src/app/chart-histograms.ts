/** Histograms of the weights and gradients of every parameter, from the bins that the GPU counted. */
import type { Bins, LayerStatistics } from '../inspect/layer-statistics.ts'
import { card } from './card.ts'
import { h, replace, setText } from './dom.ts'
import * as format from './format.ts'
import { parameterName } from './names.ts'
import { colour, surface } from './surface.ts'

export interface HistogramsCard {
  readonly seen: boolean
  /** `hasGradient`: whether a step has computed the gradients. */
  update(statistics: readonly LayerStatistics[], names: ReadonlyMap<string, string>, hasGradient: boolean): void
}

const height = 30

export function histogramsCard(): HistogramsCard {
  const own = card('card-histograms', 'Weights and gradients')
  const grid = h('div', { class: 'histograms' })
  own.body.append(grid)
  let shown = ''
  let rows: { weights: Histogram; gradients: Histogram }[] = []
  return {
    get seen() {
      return own.seen
    },
    update(statistics, names, hasGradient) {
      const paths = statistics.map(({ path }) => parameterName(path, names)).join()
      if (paths !== shown) {
        shown = paths
        rows = statistics.map(({ path }) => ({
          weights: histogram(`Values of ${path}`, colour.ink2),
          gradients: histogram(`Gradients of ${path}`, colour.accent),
        }))
        replace(
          grid,
          h('span', { class: 'head' }, 'values'),
          h('span', { class: 'head' }, 'gradients'),
          ...statistics.flatMap(({ path }, i) => [
            h('span', { class: 'name', title: path }, parameterName(path, names)),
            rows[i]!.weights.element,
            rows[i]!.gradients.element,
          ]),
        )
      }
      statistics.forEach((layer, i) => {
        rows[i]?.weights.update(layer.weightBins)
        rows[i]?.gradients.update(hasGradient ? layer.gradientBins : null)
      })
    },
  }
}

interface Histogram {
  element: HTMLElement
  /** Null: there is nothing to count yet. */
  update(bins: Bins | null): void
}

function histogram(label: string, fill: string): Histogram {
  let bins: Bins | null = null
  const [low, high] = [h('span'), h('span')]
  const span = h('div', { class: 'span' }, low, high)
  const plot = surface(label, height, (context, width) => {
    context.fillStyle = colour.line
    context.fillRect(0, height - 1, width, 1)
    if (!bins) return
    const { counts, minimum, maximum } = bins
    const most = counts.reduce((a, b) => Math.max(a, b), 1)
    const step = width / counts.length
    // A single value stands in the middle, as its number does.
    const shift = minimum === maximum ? width / 2 - (counts.findIndex((count) => count > 0) + 0.5) * step : 0
    context.fillStyle = fill
    // A square root keeps the tails in sight beside a sharp peak.
    counts.forEach((count, i) => {
      const tall = count > 0 ? Math.max(1, Math.sqrt(count / most) * (height - 2)) : 0
      context.fillRect(shift + i * step, height - 1 - tall, Math.max(0.6, step - 0.5), tall)
    })
    if (minimum < 0 && maximum > 0) {
      context.fillStyle = 'rgb(255 255 255 / 0.4)'
      context.fillRect((-minimum / (maximum - minimum)) * width - 0.5, 0, 1, height)
    }
  })
  return {
    element: h('div', {}, plot.canvas, span),
    update(next) {
      bins = next
      const single = next?.minimum === next?.maximum
      setText(low, next ? format.short(next.minimum) : '–')
      setText(high, next && !single ? format.short(next.maximum) : '')
      span.toggleAttribute('data-single', single)
      plot.redraw()
    },
  }
}
