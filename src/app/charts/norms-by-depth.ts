/** Gradient norms of a deep network as lines by depth: of weights and, fainter, of biases and of norms’ γ and β; the one under the pointer in numbers. */
import type { LayerStatistics } from '../../inspect/layer-statistics.ts'
import { h, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { linesPlot } from './lines.ts'
import { parameterName } from '../words/layer-names.ts'
import { colour } from './surface.ts'

interface Point {
  kind: LayerStatistics['kind']
  name: string
  x: number
  norm: number
}

export function depthPlot() {
  const plot = linesPlot('Gradient norm of every parameter by depth', 170)
  const [name, number] = [h('span'), h('b')]
  const element = h('div', { hidden: true }, plot.canvas, h('p', { class: 'depth-readout' }, name, number))
  let points: Point[] = []
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
    setText(name, chosen ? `${at === null ? 'weakest: ' : ''}${chosen.name}` : points.length > 0 ? 'no finite gradient' : 'no gradient yet')
    setText(number, chosen ? format.short(chosen.norm) : '')
  }
  plot.canvas.addEventListener('pointermove', (event) => {
    pointer = plot.at(event)
    tell()
  })
  plot.canvas.addEventListener('pointerleave', () => {
    pointer = null
    tell()
  })

  return {
    element,
    update(statistics: readonly LayerStatistics[], names: ReadonlyMap<string, string>, hasGradient: boolean) {
      const all = statistics.map(({ path, kind, gradientNorm, nonFiniteGradients: { nan, infinite } }, i) => ({
        kind,
        name: parameterName(path, names, kind),
        x: i,
        norm: nan > 0 ? NaN : infinite > 0 ? Infinity : gradientNorm,
      }))
      const line = (own: typeof all) => ({ x: own.map(({ x }) => x), y: own.map(({ norm }) => norm), dots: true })
      const of = (...kinds: LayerStatistics['kind'][]) => computed.filter(({ kind }) => kinds.includes(kind))
      const computed = hasGradient ? all : []
      points = computed
      const last = Math.max(1, all.length - 1)
      plot.show(
        [
          { ...line(of('bias', 'norm')), colour: colour.ink3 },
          { ...line(of('weight')), colour: colour.accent, strong: true },
        ],
        {
          low: 0,
          high: last,
          labels: [
            { at: 0, text: all[0]?.name ?? '' },
            { at: last, text: all.at(-1)?.name ?? '' },
          ],
        },
      )
      tell()
    },
  }
}
