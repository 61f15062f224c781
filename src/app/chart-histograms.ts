/** Histograms of the weights and gradients of every parameter, from the bins that the GPU counted. */
import type { Bins, LayerStatistics } from '../inspect/layer-statistics.ts'
import { card } from './card.ts'
import { h, replace, setText } from './dom.ts'
import * as format from './format.ts'
import { parameterName } from './names.ts'
import { colour, surface } from './surface.ts'

export interface HistogramsCard {
  readonly seen: boolean
  update(statistics: readonly LayerStatistics[], names: ReadonlyMap<string, string>): void
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
    update(statistics, names) {
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
        rows[i]?.gradients.update(layer.gradientBins)
      })
    },
  }
}

interface Histogram {
  element: HTMLElement
  update(bins: Bins): void
}

function histogram(label: string, fill: string): Histogram {
  let bins: Bins | null = null
  const [low, high] = [h('span'), h('span')]
  const plot = surface(label, height, (context, width) => {
    context.fillStyle = colour.line
    context.fillRect(0, height - 1, width, 1)
    if (!bins) return
    const { counts, minimum, maximum } = bins
    const most = counts.reduce((a, b) => Math.max(a, b), 1)
    const step = width / counts.length
    context.fillStyle = fill
    // A square root keeps the tails in sight beside a sharp peak.
    counts.forEach((count, i) => {
      const tall = count > 0 ? Math.max(1, Math.sqrt(count / most) * (height - 2)) : 0
      context.fillRect(i * step, height - 1 - tall, Math.max(0.6, step - 0.5), tall)
    })
    if (minimum < 0 && maximum > 0) {
      context.fillStyle = 'rgb(255 255 255 / 0.4)'
      context.fillRect((-minimum / (maximum - minimum)) * width - 0.5, 0, 1, height)
    }
  })
  return {
    element: h('div', {}, plot.canvas, h('div', { class: 'span' }, low, high)),
    update(next) {
      bins = next
      setText(low, format.short(next.minimum))
      setText(high, format.short(next.maximum))
      plot.redraw()
    },
  }
}
