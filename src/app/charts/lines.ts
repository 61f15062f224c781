/** Lines over a common axis on a logarithmic scale, on a canvas. */
import * as format from '../words/format.ts'
import { logRange, logTicks } from '../../view/charts/log-axis.ts'
import { palette } from './palette.ts'
import { surface, type Surface } from './surface.ts'

export interface Line {
  x: readonly number[]
  /** What is not positive is left out. */
  y: readonly (number | null)[]
  colour: string
  /** Drawn over the others, and thicker. */
  strong?: boolean
  /** A dot at each point. */
  dots?: boolean
}

export interface LinesPlot extends Surface {
  /** Where on the axis a pointer stands. */
  at(event: PointerEvent): number
  show(lines: readonly Line[], x: { low: number; high: number; labels: readonly { at: number; text: string }[] }): void
}

const inset = { left: 42, right: 8, top: 6, bottom: 16 }
/** Decades at most; what lies below the lowest is drawn at its foot. */
const mostDecades = 24

export function linesPlot(label: () => string, height: number): LinesPlot {
  let lines: readonly Line[] = []
  let axis: Parameters<LinesPlot['show']>[1] = { low: 0, high: 1, labels: [] }
  let range = { low: -1, high: 0 }
  const plot = surface(label, height, (context, width) => {
    const [left, right, top, bottom] = [inset.left, width - inset.right, inset.top, height - inset.bottom]
    const px = (x: number) => left + ((x - axis.low) / Math.max(1e-9, axis.high - axis.low)) * (right - left)
    const py = (y: number) => bottom - ((Math.max(range.low, Math.log10(y)) - range.low) / (range.high - range.low)) * (bottom - top)
    const { ink3, line: grid } = palette()
    context.textBaseline = 'middle'
    context.textAlign = 'right'
    for (const value of logTicks(10 ** range.low, 10 ** range.high, Math.max(2, Math.floor((bottom - top) / 18)))) {
      const y = py(value)
      context.fillStyle = grid
      context.fillRect(left, y, right - left, 1)
      context.fillStyle = ink3
      context.fillText(format.tick(value), left - 6, y)
    }
    context.textBaseline = 'alphabetic'
    axis.labels.forEach(({ at, text }, i) => {
      context.textAlign = i === 0 ? 'left' : i === axis.labels.length - 1 ? 'right' : 'center'
      context.fillText(text, px(at), height - 3)
    })
    for (const line of [...lines].sort((a, b) => Number(a.strong ?? false) - Number(b.strong ?? false))) draw(context, line, px, py)
  })
  return {
    ...plot,
    at({ clientX }) {
      const { left, width } = plot.canvas.getBoundingClientRect()
      const share = (clientX - left - inset.left) / Math.max(1, width - inset.left - inset.right)
      return axis.low + Math.min(1, Math.max(0, share)) * (axis.high - axis.low)
    },
    show(next, x) {
      lines = next
      axis = x
      const powers = next.flatMap(({ y }) =>
        y.flatMap((value) => (value !== null && value > 0 && Number.isFinite(value) ? [Math.log10(value)] : [])),
      )
      const [lowest, highest] = powers.reduce(([low, high], power) => [Math.min(low, power), Math.max(high, power)], [Infinity, -Infinity])
      if (powers.length > 0) {
        const ends = logRange(10 ** Math.max(lowest, highest - mostDecades), 10 ** highest)
        range = { low: Math.log10(ends[0]), high: Math.log10(ends[1]) }
      }
      plot.redraw()
    },
  }
}

function draw(context: CanvasRenderingContext2D, line: Line, px: (x: number) => number, py: (y: number) => number): void {
  context.strokeStyle = context.fillStyle = line.colour
  context.lineWidth = line.strong ? 2.2 : 1.3
  context.globalAlpha = line.strong ? 1 : 0.8
  context.beginPath()
  let isDown = false
  line.y.forEach((value, i) => {
    const isThere = value !== null && value > 0 && Number.isFinite(value)
    if (isThere && isDown) context.lineTo(px(line.x[i]!), py(value))
    else if (isThere) context.moveTo(px(line.x[i]!), py(value))
    isDown = isThere
  })
  context.stroke()
  if (line.dots)
    line.y.forEach((value, i) => {
      if (value === null || !(value > 0) || !Number.isFinite(value)) return
      context.beginPath()
      context.arc(px(line.x[i]!), py(value), line.strong ? 2.6 : 1.8, 0, 2 * Math.PI)
      context.fill()
    })
  context.globalAlpha = 1
}
