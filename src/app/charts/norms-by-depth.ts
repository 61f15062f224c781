/** Gradient norms of a deep network as lines by depth: of weights and, fainter, of biases and of norms’ γ and β; the one under the pointer in numbers. */
import type { LayerStatistics } from '../../inspect/layer-statistics.ts'
import { h, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import { parameterName } from '../words/layer-names.ts'
import type { Unmeasured } from './card.ts'
import { linesPlot } from './lines.ts'
import { palette } from './palette.ts'

interface Point {
  kind: LayerStatistics['kind']
  name: string
  x: number
  norm: number
}

export function depthPlot() {
  const plot = linesPlot(() => t('charts.norms.depthChart'), 170)
  const [name, number] = [h('span'), h('b')]
  const element = h('div', { hidden: true }, plot.canvas, h('p', { class: 'depth-readout' }, name, number))
  let points: readonly Point[] = []
  let pointer: number | null = null

  /** The parameter under the pointer; without one the weight that gets least. */
  const tell = () => {
    const at = pointer
    const chosen =
      at === null
        ? points
            .filter(({ kind, norm }) => kind === 'weight' && Number.isFinite(norm))
            .reduce<Point | null>((least, point) => (least && least.norm <= point.norm ? least : point), null)
        : points.reduce<Point | null>((near, point) => (near && Math.abs(near.x - at) <= Math.abs(point.x - at) ? near : point), null)
    setText(number, chosen ? format.short(chosen.norm) : '')
    if (!chosen) setText(name, t(points.length > 0 ? 'charts.norms.noFinite' : 'charts.noGradient'))
    else setText(name, at === null ? t('charts.norms.weakest', { name: chosen.name }) : chosen.name)
  }
  plot.canvas.addEventListener('pointermove', (event) => {
    pointer = plot.at(event)
    tell()
  })
  plot.canvas.addEventListener('pointerleave', () => {
    pointer = null
    tell()
  })

  /** The points along an axis on which every parameter has its place. */
  const draw = (next: readonly Point[], named: readonly string[]) => {
    points = next
    const line = (...kinds: Point['kind'][]) => {
      const own = next.filter(({ kind }) => kinds.includes(kind))
      return { x: own.map(({ x }) => x), y: own.map(({ norm }) => norm), dots: true }
    }
    const { accent, ink3 } = palette()
    const last = Math.max(1, named.length - 1)
    plot.show(
      [
        { ...line('bias', 'norm'), colour: ink3 },
        { ...line('weight'), colour: accent, strong: true },
      ],
      {
        low: 0,
        high: last,
        labels: [
          { at: 0, text: named[0] ?? '' },
          { at: last, text: named.at(-1) ?? '' },
        ],
      },
    )
    tell()
  }

  return {
    element,
    clear(parameters: Unmeasured['parameters'], names: ReadonlyMap<string, string>) {
      draw(
        [],
        parameters.map(({ path, kind }) => parameterName(path, names, kind)),
      )
    },
    show(statistics: readonly LayerStatistics[], names: ReadonlyMap<string, string>) {
      const all = statistics.map(({ path, kind, gradientNorm, nonFiniteGradients: { nan, infinite } }, i) => ({
        kind,
        name: parameterName(path, names, kind),
        x: i,
        norm: nan > 0 ? NaN : infinite > 0 ? Infinity : gradientNorm,
      }))
      draw(
        all,
        all.map((point) => point.name),
      )
    },
  }
}
