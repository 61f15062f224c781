/** Kernels under the adapter's roof, both axes logarithmic; another machine's roof dashed. */
import { byId, h, replace, setText, svg } from '../../src/app/ui/dom.ts'
import { palette } from '../../src/app/charts/palette.ts'
import { figure, percent } from '../table.ts'
import type { Row } from '../result.ts'
import { heightAt, pointsOf, ridge, roofOf, type Roof, type RoofPoint } from '../roofline.ts'

/** In the picture's own units; the narrow one is for a phone. */
const sizes = { wide: { width: 900, height: 380 }, narrow: { width: 400, height: 320 } }
const margin = { left: 44, right: 14, top: 14, bottom: 34 }
const narrow = matchMedia('(max-width: 700px)')
let last: [Row[], Row[]] | null = null
narrow.addEventListener('change', () => last && rooflineCard(...last))

export function rooflineCard(rows: Row[], other: Row[]): void {
  last = [rows, other]
  const card = byId('roofline')
  const roof = roofOf(rows)
  const points = roof ? pointsOf(rows, roof) : []
  card.hidden = !roof || points.length === 0
  if (!roof || points.length === 0) return
  const told = h('span', { role: 'status' }, '')
  const note = `${figure(roof.peak)} GFLOP/s, ${figure(roof.bandwidth)} GB/s, they meet at ${figure(ridge(roof))} FLOP/byte`
  replace(
    card,
    h('header', { class: 'card-head' }, h('h3', {}, 'Roofline'), h('span', { class: 'note' }, note)),
    plot(roof, points, roofOf(other), (text) => setText(told, text)),
    h(
      'p',
      { class: 'keys quiet' },
      ...[
        ['own', 'gradscope'],
        ...(points.some(({ engine }) => engine !== 'gradscope') ? [['peer', 'another engine']] : []),
        ...(roofOf(other) ? [['there', 'the other machine’s roof']] : []),
      ].map(([kind, text]) => h('span', {}, h('i', { 'data-kind': kind }), text)),
      told,
    ),
  )
}

/** A logarithmic axis from values to the picture's units. */
interface Axis {
  low: number
  high: number
  at(value: number): number
}
function axis(values: number[], from: number, to: number): Axis {
  const [low, high] = [Math.min(...values) / 1.5, Math.max(...values) * 1.5]
  return { low, high, at: (value) => from + ((to - from) * Math.log(value / low)) / Math.log(high / low) }
}

/** Powers of ten within the axis, and what lies between where there are few. */
function marks({ low, high }: Axis): number[] {
  const powers = Array.from({ length: 20 }, (_, i) => 10 ** (i - 8))
  const all = powers.flatMap((power) => (Math.log10(high / low) > 2.5 ? [power] : [power, 2 * power, 5 * power]))
  return all.filter((value) => value > low && value < high)
}

function plot(roof: Roof, points: RoofPoint[], other: Roof | undefined, tell: (text: string) => void): SVGElement {
  const { width, height } = narrow.matches ? sizes.narrow : sizes.wide
  const roofs = other ? [roof, other] : [roof]
  const x = axis([...points.map(({ intensity }) => intensity), ...roofs.map((one) => 4 * ridge(one))], margin.left, width - margin.right)
  const y = axis([...points.map(({ gflops }) => gflops), ...roofs.map(({ peak }) => peak)], height - margin.bottom, margin.top)
  const line = (one: Roof, kind: string) => {
    // From where the slope enters the picture.
    const first = Math.max(x.low, y.low / one.bandwidth)
    const corners = [first, Math.max(first, ridge(one)), x.high].map((at) => `${x.at(at)},${y.at(heightAt(one, at))}`)
    return svg('polyline', { points: corners.join(' '), class: `roof ${kind}`, fill: 'none' })
  }
  const text = (content: string, attributes: Record<string, string | number>) =>
    svg('text', { ...attributes, fill: palette().ink3 }, content)
  return svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      class: 'plot',
      role: 'img',
      'aria-label': 'Kernels by intensity and speed under the adapter’s roof',
    },
    ...marks(x).flatMap((value) => [
      svg('line', { x1: x.at(value), x2: x.at(value), y1: margin.top, y2: height - margin.bottom, class: 'grid' }),
      text(figure(value), { x: x.at(value), y: height - margin.bottom + 14, 'text-anchor': 'middle' }),
    ]),
    ...marks(y).flatMap((value) => [
      svg('line', { x1: margin.left, x2: width - margin.right, y1: y.at(value), y2: y.at(value), class: 'grid' }),
      text(figure(value), { x: margin.left - 6, y: y.at(value) + 3, 'text-anchor': 'end' }),
    ]),
    text('FLOP per byte', { x: width - margin.right, y: height - 4, 'text-anchor': 'end' }),
    text('GFLOP/s', { x: 2, y: 10 }),
    ...(other ? [line(other, 'there')] : []),
    line(roof, 'here'),
    ...points.map((point) => mark(point, x, y, tell)),
  )
}

function mark(point: RoofPoint, x: Axis, y: Axis, tell: (text: string) => void): SVGElement {
  const { name, engine, intensity, gflops, ofRoof } = point
  const told = `${name}, ${engine}: ${figure(gflops)} GFLOP/s at ${figure(intensity)} FLOP/byte, ${percent(ofRoof)} of the roof`
  const circle = svg(
    'circle',
    { cx: x.at(intensity), cy: y.at(gflops), r: 4, class: engine === 'gradscope' ? 'own' : 'peer', tabindex: 0, 'aria-label': told },
    svg('title', {}, told),
  )
  // A finger has no hover.
  for (const type of ['focus', 'click']) circle.addEventListener(type, () => tell(told))
  return circle
}
