/** Gradient norm of every parameter on a logarithmic scale, as bars, or of a deep network as a line by depth: where gradients vanish or explode. */
import { gradientStates } from '../../inspect/diagnosis.ts'
import type { LayerStatistics } from '../../inspect/layer-statistics.ts'
import { h, replace, setText } from '../ui/dom.ts'
import { nameParts } from '../ui/long-name.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import { layerNames, parameterName } from '../words/layer-names.ts'
import { nonFiniteText } from '../words/non-finite.ts'
import type { Card, Unmeasured } from './card.ts'
import { depthPlot } from './norms-by-depth.ts'
import { oddText } from './odd-tensors.ts'

/** More parameters than this are a line by depth. */
const mostBars = 16

export const norms: Card<'statistics'> = {
  id: 'norms',
  title: 'charts.norms.title',
  name: 'charts.norms.name',
  note: 'charts.norms.note',
  needs: 'statistics',
  make({ body }) {
    const bars = barTable()
    const byDepth = depthPlot()
    const odd = h('p', { class: 'note odd', hidden: true })
    body.append(bars.element, byDepth.element, odd)

    /** Bars or a line, for so many parameters. */
    const choose = (parameters: Unmeasured['parameters']) => {
      const isDeep = parameters.length > mostBars
      bars.element.hidden = isDeep
      byDepth.element.hidden = !isDeep
      return isDeep ? byDepth : bars
    }
    const tellOdd = (text: string) => {
      setText(odd, text)
      odd.hidden = !text
    }
    return {
      show({ statistics, layers, hasGradient }) {
        const names = layerNames(layers)
        const plot = choose(statistics)
        // Bars say themselves which gradients are not finite; a line cannot.
        tellOdd(oddText(statistics, names, plot === byDepth && hasGradient))
        if (hasGradient) plot.show(statistics, names)
        else plot.clear(statistics, names)
      },
      clear({ parameters, layers }) {
        tellOdd('')
        choose(parameters).clear(parameters, layerNames(layers))
      },
    }
  },
}

interface Row {
  fill: HTMLElement
  odd: HTMLElement
  number: HTMLElement
}

function barTable() {
  const element = h('div', { class: 'bars' })
  const axis = h('div', { class: 'axis' })
  let rows: Row[] = []
  let shown = ''
  let range = { low: 0, high: 0 }

  /** A row for each parameter, with nothing in it. */
  const build = (parameters: Unmeasured['parameters'], names: ReadonlyMap<string, string>) => {
    const named = parameters.map(({ path, kind }) => parameterName(path, names, kind))
    if (named.join() === shown) return
    shown = named.join()
    rows = parameters.map(() => ({
      fill: h('div', { class: 'fill' }),
      odd: h('span', { class: 'odd', hidden: true }),
      number: h('span', { class: 'number' }, '–'),
    }))
    replace(
      element,
      ...rows.flatMap(({ fill, odd, number }, i) => [
        h('span', { class: 'name long-name', title: parameters[i]?.path }, ...partsOf(named[i] ?? '')),
        h('div', { class: 'track' }, fill, odd),
        number,
      ]),
      h('span'),
      axis,
      h('span'),
    )
    range = { low: 0, high: 0 }
  }

  return {
    element,
    clear(parameters: Unmeasured['parameters'], names: ReadonlyMap<string, string>) {
      build(parameters, names)
      range = { low: 0, high: 0 }
      replace(axis, t('charts.noGradient'))
      for (const { fill, odd, number } of rows) {
        fill.style.transform = 'scaleX(0)'
        odd.hidden = true
        setText(number, '–')
      }
    },
    show(statistics: readonly LayerStatistics[], names: ReadonlyMap<string, string>) {
      build(statistics, names)
      const states = gradientStates(statistics)
      const next = widened(range, powersOf(statistics, states))
      if (next) {
        range = next
        replace(
          axis,
          ...[range.low, (range.low + range.high) / 2, range.high].map((power) =>
            h('span', {}, Number.isInteger(power) ? format.tick(10 ** power) : ''),
          ),
        )
      }
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

function partsOf(name: string): HTMLElement[] {
  const { around, own } = nameParts(name)
  return [h('bdi', { class: 'around' }, around), h('bdi', {}, own)]
}

/** Decimal powers of the norms that can be drawn. */
const powersOf = (statistics: readonly LayerStatistics[], states: ReturnType<typeof gradientStates>): number[] =>
  statistics
    .filter((_, i) => states[i] !== 'nonFinite')
    .map(({ gradientNorm }) => Math.log10(gradientNorm))
    .filter(Number.isFinite)

/** The decades of the axis; it widens at once and narrows only when most of it stands empty, so that bars do not jump. Null: they stay. */
function widened({ low, high }: { low: number; high: number }, powers: number[]): { low: number; high: number } | null {
  const [lowest, highest] = [Math.floor(Math.min(...powers, 0) - 0.3), Math.ceil(Math.max(...powers, -8) + 0.05)]
  const stays = lowest >= low && highest <= high && lowest <= low + 2 && highest >= high - 2 && low !== high
  return powers.length === 0 || stays ? null : { low: Math.max(lowest, highest - 12), high: Math.max(highest, lowest + 1) }
}
