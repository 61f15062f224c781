/** Gradient norm of every parameter on a logarithmic scale, as bars, or of a deep network as a line by depth: where gradients vanish or explode. */
import { gradientStates, total } from '../../inspect/diagnosis.ts'
import { card } from '../ui/card.ts'
import { h, replace, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import type { LayerStatistics } from '../../inspect/layer-statistics.ts'
import { parameterName } from '../words/layer-names.ts'
import { nonFiniteText } from '../words/non-finite.ts'
import { depthPlot } from './norms-by-depth.ts'

export interface NormsCard {
  /** `hasGradient`: whether a step has computed what the statistics describe. */
  update(statistics: readonly LayerStatistics[], names: ReadonlyMap<string, string>, hasGradient: boolean): void
}

interface Row {
  fill: HTMLElement
  odd: HTMLElement
  number: HTMLElement
}

/** More parameters than this are a line by depth. */
const mostBars = 16

export function normsCard(): NormsCard {
  const { body, note } = card('card-norms', 'Gradient norm per layer')
  setText(note, 'log scale')
  const bars = h('div', { class: 'bars' })
  const axis = h('div', { class: 'axis' })
  const byDepth = depthPlot()
  const odd = h('p', { class: 'note odd', hidden: true })
  body.append(bars, byDepth.element, odd)
  let rows: Row[] = []
  let shown = ''
  let range = { low: 0, high: 0 }

  const build = (statistics: readonly LayerStatistics[], names: ReadonlyMap<string, string>) => {
    rows = statistics.map(() => ({
      fill: h('div', { class: 'fill' }),
      odd: h('span', { class: 'odd', hidden: true }),
      number: h('span', { class: 'number' }, '–'),
    }))
    replace(
      bars,
      ...statistics.flatMap(({ path, kind }, i) => [
        h('span', { class: 'name', title: path }, parameterName(path, names, kind)),
        h('div', { class: 'track' }, rows[i]!.fill, rows[i]!.odd),
        rows[i]!.number,
      ]),
      h('span'),
      axis,
      h('span'),
    )
    range = { low: 0, high: 0 }
  }

  return {
    update(statistics, names, hasGradient) {
      const isDeep = statistics.length > mostBars
      // Bars say themselves which gradients are not finite; a line cannot.
      setText(odd, oddText(statistics, names, isDeep && hasGradient))
      odd.hidden = !odd.textContent
      bars.hidden = isDeep
      byDepth.element.hidden = !isDeep
      if (isDeep) return byDepth.update(statistics, names, hasGradient)
      const paths = statistics.map(({ path, kind }) => parameterName(path, names, kind)).join()
      if (paths !== shown) {
        shown = paths
        build(statistics, names)
      }
      if (!hasGradient) {
        range = { low: 0, high: 0 }
        replace(axis, 'no gradient yet')
        for (const { fill, odd: own, number } of rows) {
          fill.style.transform = 'scaleX(0)'
          own.hidden = true
          setText(number, '–')
        }
        return
      }
      const decades = statistics
        .filter(({ nonFiniteGradients }) => total(nonFiniteGradients) === 0)
        .map(({ gradientNorm }) => Math.log10(gradientNorm))
        .filter(Number.isFinite)
      const [lowest, highest] = [Math.floor(Math.min(...decades, 0) - 0.3), Math.ceil(Math.max(...decades, -8) + 0.05)]
      // The scale widens at once and narrows only when most of it stands empty, so that bars do not jump.
      if (
        decades.length &&
        (lowest < range.low || highest > range.high || lowest > range.low + 2 || highest < range.high - 2 || range.low === range.high)
      ) {
        range = { low: Math.max(lowest, highest - 12), high: Math.max(highest, lowest + 1) }
        replace(
          axis,
          ...[range.low, (range.low + range.high) / 2, range.high].map((power) =>
            h('span', {}, Number.isInteger(power) ? format.tick(10 ** power) : ''),
          ),
        )
      }
      const states = gradientStates(statistics)
      statistics.forEach(({ gradientNorm, nonFiniteGradients, count }, i) => {
        const row = rows[i]
        if (!row) return
        const share = (Math.log10(gradientNorm) - range.low) / (range.high - range.low)
        const isOdd = states[i] === 'nonFinite'
        row.fill.style.transform = `scaleX(${isOdd || !Number.isFinite(share) ? 0 : Math.min(1, Math.max(0, share))})`
        row.fill.dataset['state'] = states[i]
        setText(row.odd, nonFiniteText(nonFiniteGradients, count))
        row.odd.hidden = !isOdd
        setText(row.number, isOdd ? (nonFiniteGradients.nan > 0 ? 'NaN' : '∞') : format.short(gradientNorm))
      })
    },
  }
}

/** Named in the sentence at most. */
const mostNamed = 3

/** Which parameters hold weights, or gradients, that are NaN or infinite; empty where none does. */
export function oddText(
  statistics: readonly Pick<LayerStatistics, 'path' | 'kind' | 'count' | 'nonFiniteWeights' | 'nonFiniteGradients'>[],
  names: ReadonlyMap<string, string>,
  withGradients: boolean,
): string {
  const sentence = (what: string, key: 'nonFiniteWeights' | 'nonFiniteGradients') => {
    const odd = statistics.filter((one) => total(one[key]) > 0)
    if (odd.length === 0) return []
    const named = odd
      .slice(0, mostNamed)
      .map((one) => `${parameterName(one.path, names, one.kind)} (${nonFiniteText(one[key], one.count)})`)
    const more = odd.length > mostNamed ? ` and ${odd.length - mostNamed} more of ${statistics.length} tensors` : ''
    return [`${what} not finite: ${named.join(', ')}${more}.`]
  }
  return [...(withGradients ? sentence('Gradients', 'nonFiniteGradients') : []), ...sentence('Parameters', 'nonFiniteWeights')].join(' ')
}
