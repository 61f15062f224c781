/** Gradient norm of every parameter on a logarithmic scale, as bars, or of a deep network as a line by depth: where gradients vanish or explode. */
import { card } from './card.ts'
import { h, replace, setText } from './dom.ts'
import * as format from './format.ts'
import type { LayerStatistics } from '../inspect/layer-statistics.ts'
import { parameterName } from './names.ts'
import { depthPlot } from './norms-by-depth.ts'

export interface NormsCard {
  /** `hasGradient`: whether a step has computed what the statistics describe. */
  update(statistics: readonly LayerStatistics[], names: ReadonlyMap<string, string>, hasGradient: boolean): void
}

interface Row {
  fill: HTMLElement
  number: HTMLElement
}

/** Below and above these a gradient hardly trains its layer, or throws it about. */
const vanishing = 1e-6
const exploding = 1e2
/** More parameters than this are a line by depth. */
const mostBars = 16

export function normsCard(): NormsCard {
  const { body, note } = card('card-norms', 'Gradient norm per layer')
  setText(note, 'log scale')
  const bars = h('div', { class: 'bars' })
  const axis = h('div', { class: 'axis' })
  const byDepth = depthPlot()
  body.append(bars, byDepth.element)
  let rows: Row[] = []
  let shown = ''
  let range = { low: 0, high: 0 }

  const build = (statistics: readonly LayerStatistics[], names: ReadonlyMap<string, string>) => {
    rows = statistics.map(() => ({ fill: h('div', { class: 'fill' }), number: h('span', { class: 'number' }, '–') }))
    replace(
      bars,
      ...statistics.flatMap(({ path }, i) => [
        h('span', { class: 'name', title: path }, parameterName(path, names)),
        h('div', { class: 'track' }, rows[i]!.fill),
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
      bars.hidden = isDeep
      byDepth.element.hidden = !isDeep
      if (isDeep) return byDepth.update(statistics, names, hasGradient)
      const paths = statistics.map(({ path }) => parameterName(path, names)).join()
      if (paths !== shown) {
        shown = paths
        build(statistics, names)
      }
      if (!hasGradient) {
        range = { low: 0, high: 0 }
        replace(axis, 'no gradient yet')
        for (const { fill, number } of rows) {
          fill.style.transform = 'scaleX(0)'
          setText(number, '–')
        }
        return
      }
      const decades = statistics.map(({ gradientNorm }) => Math.log10(gradientNorm)).filter(Number.isFinite)
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
      statistics.forEach(({ gradientNorm, nonFinite }, i) => {
        const row = rows[i]
        if (!row) return
        const share = (Math.log10(gradientNorm) - range.low) / (range.high - range.low)
        const broken = nonFinite > 0 || !Number.isFinite(gradientNorm)
        row.fill.style.transform = `scaleX(${broken ? 1 : Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))})`
        row.fill.dataset['state'] = broken
          ? 'non-finite'
          : gradientNorm < vanishing
            ? 'vanishing'
            : gradientNorm > exploding
              ? 'exploding'
              : 'healthy'
        setText(row.number, broken ? 'NaN' : format.short(gradientNorm))
      })
    },
  }
}
