/** Histograms of the weights and gradients of every parameter, from the bins that the GPU counted. */
import type { Bins, LayerStatistics, NonFinite } from '../../inspect/layer-statistics.ts'
import type { Layer } from '../../model/types.ts'
import { h, replace, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { language, t } from '../words/language.ts'
import { layerNames, parameterName } from '../words/layer-names.ts'
import { nonFiniteText } from '../words/non-finite.ts'
import type { Card, Unmeasured } from './card.ts'
import { pager } from './pager.ts'
import { palette } from './palette.ts'
import { surface } from './surface.ts'

const height = 30
/** Parameters that stand in the card at once; of a deep network one chooses from where on. */
const atOnce = 8

export const histograms: Card<'statistics'> = {
  id: 'histograms',
  title: 'charts.histograms.title',
  name: 'charts.histograms.name',
  needs: 'statistics',
  make({ body }) {
    const grid = h('div', { class: 'histograms' })
    let first = 0
    let latest = () => {}
    const pages = pager(atOnce, (chosen) => {
      first = chosen
      latest()
    })
    body.append(pages.element, grid)
    let shown = ''
    let rows: { weights: Histogram; gradients: Histogram }[] = []

    /** Rows for the parameters of the page at hand. */
    const build = (parameters: Unmeasured['parameters'], layers: readonly Layer[]) => {
      const names = layerNames(layers)
      const all = parameters.map(({ path, kind }) => parameterName(path, names, kind))
      first = Math.max(0, Math.min(first, parameters.length - atOnce))
      pages.show(all, first)
      const named = all.slice(first, first + atOnce)
      const said = [language.value, ...named].join()
      if (said === shown) return
      shown = said
      const page = parameters.slice(first, first + atOnce)
      const { ink2, accent } = palette()
      rows = named.map((parameter) => ({
        weights: histogram(t('charts.histograms.valuesOf', { parameter }), ink2),
        gradients: histogram(t('charts.histograms.gradientsOf', { parameter }), accent),
      }))
      replace(
        grid,
        h('span', { class: 'head' }, t('charts.histograms.values')),
        h('span', { class: 'head' }, t('charts.histograms.gradients')),
        ...rows.flatMap(({ weights, gradients }, i) => [
          h('span', { class: 'name', title: page[i]?.path }, named[i]),
          weights.element,
          gradients.element,
        ]),
      )
    }
    const draw = (statistics: readonly LayerStatistics[], layers: readonly Layer[], hasGradient: boolean) => {
      build(statistics, layers)
      statistics.slice(first, first + atOnce).forEach((layer, i) => {
        rows[i]?.weights.update({ ...layer.weightBins, ...layer.nonFiniteWeights, total: layer.count })
        rows[i]?.gradients.update(hasGradient ? { ...layer.gradientBins, ...layer.nonFiniteGradients, total: layer.count } : null)
      })
    }
    const empty = ({ parameters, layers }: Unmeasured) => {
      build(parameters, layers)
      for (const { weights, gradients } of rows) for (const own of [weights, gradients]) own.update(null)
    }

    return {
      show({ statistics, layers, hasGradient }) {
        latest = () => draw(statistics, layers, hasGradient)
        latest()
      },
      clear(network) {
        latest = () => empty(network)
        latest()
      },
    }
  },
}

/** The bins of the finite ones among `total` numbers, and the others. */
interface Counted extends Bins, NonFinite {
  total: number
}

interface Histogram {
  element: HTMLElement
  /** Null: there is nothing to count yet. */
  update(counted: Counted | null): void
}

const hasFinite = ({ nan, infinite, total }: Counted): boolean => nan + infinite < total

function histogram(label: string, fill: string): Histogram {
  let bins: Counted | null = null
  const [low, high] = [h('span'), h('span')]
  const odd = h('div', { class: 'odd', hidden: true })
  const span = h('div', { class: 'span' }, low, high)
  const plot = surface(label, height, (context, width) => {
    const { line, mark } = palette()
    context.fillStyle = line
    context.fillRect(0, height - 1, width, 1)
    if (!bins || !hasFinite(bins)) return
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
      context.fillStyle = mark
      context.fillRect((-minimum / (maximum - minimum)) * width - 0.5, 0, 1, height)
    }
  })
  return {
    element: h('div', {}, plot.canvas, span, odd),
    update(next) {
      bins = next
      const single = next?.minimum === next?.maximum
      const isEmpty = next !== null && !hasFinite(next)
      // Without a finite number there are no ends: what there is instead stands in their place.
      setText(low, isEmpty ? nonFiniteText(next, next.total) : next ? format.short(next.minimum) : '–')
      setText(high, next && !single ? format.short(next.maximum) : '')
      low.classList.toggle('odd', isEmpty)
      setText(odd, next && !isEmpty ? nonFiniteText(next, next.total) : '')
      odd.hidden = !odd.textContent
      span.toggleAttribute('data-single', single)
      plot.redraw()
    },
  }
}
