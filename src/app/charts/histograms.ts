/** Histograms of the weights and gradients of every parameter, from the bins that the GPU counted. */
import type { Bins, LayerStatistics, NonFinite } from '../../inspect/layer-statistics.ts'
import { card } from '../ui/card.ts'
import { h, replace, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { icon } from '../ui/icons.ts'
import { parameterName } from '../words/layer-names.ts'
import { nonFiniteText } from '../words/non-finite.ts'
import { colour, surface } from './surface.ts'

export interface HistogramsCard {
  readonly seen: boolean
  /** `hasGradient`: whether a step has computed the gradients. */
  update(statistics: readonly LayerStatistics[], names: ReadonlyMap<string, string>, hasGradient: boolean): void
}

const height = 30
/** Parameters that stand in the card at once; of a deep network one chooses from where on. */
const atOnce = 8

export function histogramsCard(): HistogramsCard {
  const own = card('card-histograms', 'Weights and gradients')
  const grid = h('div', { class: 'histograms' })
  let latest: Parameters<HistogramsCard['update']> = [[], new Map(), false]
  let first = 0
  const pages = pager((chosen) => {
    first = chosen
    update(...latest)
  })
  own.body.append(pages.element, grid)
  let shown = ''
  let rows: { weights: Histogram; gradients: Histogram }[] = []

  function update(...[statistics, names, hasGradient]: typeof latest) {
    latest = [statistics, names, hasGradient]
    const all = statistics.map(({ path, kind }) => parameterName(path, names, kind))
    first = Math.max(0, Math.min(first, statistics.length - atOnce))
    pages.show(all, first)
    const page = statistics.slice(first, first + atOnce)
    const paths = all.slice(first, first + atOnce).join()
    if (paths !== shown) {
      shown = paths
      rows = page.map(({ path }) => ({
        weights: histogram(`Values of ${path}`, colour.ink2),
        gradients: histogram(`Gradients of ${path}`, colour.accent),
      }))
      replace(
        grid,
        h('span', { class: 'head' }, 'values'),
        h('span', { class: 'head' }, 'gradients'),
        ...page.flatMap(({ path, kind }, i) => [
          h('span', { class: 'name', title: path }, parameterName(path, names, kind)),
          rows[i]!.weights.element,
          rows[i]!.gradients.element,
        ]),
      )
    }
    page.forEach((layer, i) => {
      rows[i]?.weights.update({ ...layer.weightBins, ...layer.nonFiniteWeights, total: layer.count })
      rows[i]?.gradients.update(hasGradient ? { ...layer.gradientBins, ...layer.nonFiniteGradients, total: layer.count } : null)
    })
  }

  return {
    get seen() {
      return own.seen
    },
    update,
  }
}

/** The parameter from which on they are shown, and buttons to those before and after; hidden where all have room. */
function pager(choose: (first: number) => void) {
  let now = 0
  const turn = (by: number) =>
    h(
      'button',
      {
        type: 'button',
        class: `icon-button${by < 0 ? ' back' : ''}`,
        'aria-label': by < 0 ? 'Parameters before' : 'Parameters after',
        onclick: () => choose(now + by * atOnce),
      },
      icon('right'),
    )
  const [back, on] = [turn(-1), turn(1)]
  const from = h('select', { 'aria-label': 'Parameters from', onchange: () => choose(from.selectedIndex) })
  const element = h('div', { class: 'pager', hidden: true }, back, from, on)
  let names = ''
  return {
    element,
    show(all: readonly string[], first: number) {
      now = first
      element.hidden = all.length <= atOnce
      if (all.join('\n') !== names) {
        names = all.join('\n')
        replace(from, ...all.map((name) => h('option', {}, name)))
      }
      from.selectedIndex = first
      back.disabled = first === 0
      on.disabled = first + atOnce >= all.length
    },
  }
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
    context.fillStyle = colour.line
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
      context.fillStyle = 'rgb(255 255 255 / 0.4)'
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
