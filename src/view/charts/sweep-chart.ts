/** The sweep map: what networks reached over two axes, as a heat map with a scale. */
import type { ColourMap } from '../colour.ts'
import { mapColour } from '../colour.ts'
import { axisNumber, logScale, write, type ChartStyle, type Drawing, type Frame, type Size } from './drawing.ts'
import { logTicks } from './log-axis.ts'

export interface SweepChart {
  /** The first goes to the right, the second up. */
  axes: readonly [SweepChartAxis, SweepChartAxis]
  /** By value of the first axis and of the second; null: diverged; undefined: not begun. */
  loss: readonly (readonly (number | null | undefined)[])[]
  /** A cell that is pointed at. */
  hovered?: Cell | null
  words: { loss: string; diverged: string }
}

export interface SweepChartAxis {
  title: string
  values: readonly number[]
}

export type Cell = readonly [first: number, second: number]

export interface SweepLayout {
  frame: Frame
  cell: Size
  /** The corner of a cell. */
  corner(cell: Cell): { x: number; y: number }
  /** The cell at a point; null: none is there. */
  at(x: number, y: number): Cell | null
}

const inset = { left: 58, right: 78, top: 12, bottom: 36 }
const map: ColourMap = 'inferno'

export function sweepLayout({ axes: [across, up] }: SweepChart, { width, height }: Size): SweepLayout {
  const frame = { left: inset.left, right: width - inset.right, top: inset.top, bottom: height - inset.bottom }
  const cell = { width: (frame.right - frame.left) / across.values.length, height: (frame.bottom - frame.top) / up.values.length }
  return {
    frame,
    cell,
    corner: ([first, second]) => ({ x: frame.left + first * cell.width, y: frame.bottom - (second + 1) * cell.height }),
    at: (x, y) => {
      const [first, second] = [Math.floor((x - frame.left) / cell.width), Math.floor((frame.bottom - y) / cell.height)]
      return first >= 0 && second >= 0 && first < across.values.length && second < up.values.length ? [first, second] : null
    },
  }
}

/** The cell with the lowest loss; null: none has one. */
export function bestCell(loss: SweepChart['loss']): Cell | null {
  let best: { cell: Cell; loss: number } | null = null
  loss.forEach((column, first) =>
    column.forEach((value, second) => {
      if (typeof value === 'number' && (!best || value < best.loss)) best = { cell: [first, second], loss: value }
    }),
  )
  return (best as { cell: Cell } | null)?.cell ?? null
}

export function drawSweepChart(context: Drawing, size: Size, chart: SweepChart, style: ChartStyle): void {
  const layout = sweepLayout(chart, size)
  const { cell } = layout
  const known = chart.loss.flat().filter((loss): loss is number => typeof loss === 'number' && loss > 0)
  const [low, high] = known.length ? [Math.min(...known), Math.max(...known)] : [0.1, 1]
  const gap = Math.min(cell.width, cell.height) > 9 ? 1 : 0
  chart.axes[0].values.forEach((_, first) =>
    chart.axes[1].values.forEach((_, second) => {
      const { x, y } = layout.corner([first, second])
      const loss = chart.loss[first]?.[second]
      const box = [x + gap / 2, y + gap / 2, cell.width - gap, cell.height - gap] as const
      context.fillStyle = loss === undefined ? style.line : loss === null ? divergedColour : colourOf(loss, low, high)
      context.fillRect(...box)
      if (loss === null) cross(context, box, style)
    }),
  )
  drawAxes(context, chart, layout, style)
  drawScale(context, chart, layout, style, known.length ? [low, high] : null)
  const best = bestCell(chart.loss)
  if (best) outline(context, layout, best, style.accent, 2)
  if (chart.hovered) outline(context, layout, chart.hovered, style.ink, 1.5)
}

const divergedColour = 'rgb(70 30 38)'

/** Low losses are bright. */
const colourOf = (loss: number, low: number, high: number): string => {
  const share = high > low ? Math.log(loss / low) / Math.log(high / low) : 0
  return `rgb(${mapColour(1 - Math.min(1, Math.max(0, share)), map).join(' ')})`
}

function cross(context: Drawing, [x, y, width, height]: readonly [number, number, number, number], style: ChartStyle) {
  const arm = Math.min(width, height) * 0.22
  if (arm < 1.2) return
  const [cx, cy] = [x + width / 2, y + height / 2]
  context.strokeStyle = style.bad
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(cx - arm, cy - arm)
  context.lineTo(cx + arm, cy + arm)
  context.moveTo(cx + arm, cy - arm)
  context.lineTo(cx - arm, cy + arm)
  context.stroke()
}

function outline(context: Drawing, { corner, cell }: SweepLayout, at: Cell, colour: string, width: number) {
  const { x, y } = corner(at)
  context.strokeStyle = colour
  context.lineWidth = width
  context.strokeRect(x + width / 2, y + width / 2, cell.width - width, cell.height - width)
}

/** The values under the columns and beside the rows, as many as there is room for. */
function drawAxes(context: Drawing, { axes: [across, up] }: SweepChart, { frame, cell }: SweepLayout, style: ChartStyle) {
  const everyColumn = Math.ceil(44 / cell.width)
  across.values.forEach((value, i) => {
    if (i % everyColumn === 0)
      write(context, style, axisValue(value, cell.width >= 52), frame.left + (i + 0.5) * cell.width, frame.bottom + 14, { align: 'center' })
  })
  const everyRow = Math.ceil(14 / cell.height)
  up.values.forEach((value, i) => {
    if (i % everyRow === 0)
      write(context, style, axisValue(value, true), frame.left - 6, frame.bottom - (i + 0.5) * cell.height, {
        align: 'right',
        baseline: 'middle',
      })
  })
  write(context, style, across.title, (frame.left + frame.right) / 2, frame.bottom + 30, { align: 'center', size: 10 })
  context.save()
  context.translate(11, (frame.top + frame.bottom) / 2)
  context.rotate(-Math.PI / 2)
  write(context, style, up.title, 0, 0, { align: 'center', size: 10 })
  context.restore()
}

/** A count in full, another number in two digits or three. */
const axisValue = (value: number, isRoomy: boolean): string =>
  Number.isInteger(value) ? String(value) : axisNumber(value, isRoomy ? 3 : 2)

/** Colours and losses on the right; what diverged has a field of its own. */
function drawScale(
  context: Drawing,
  { loss, words }: SweepChart,
  { frame }: SweepLayout,
  style: ChartStyle,
  range: readonly [number, number] | null,
) {
  const [left, width] = [frame.right + 14, 10]
  const hasDiverged = loss.some((column) => column.includes(null))
  const top = frame.top + 14
  const bottom = frame.bottom - (hasDiverged ? 22 : 0)
  write(context, style, words.loss, left, frame.top + 5, { size: 10 })
  if (range) {
    const [low, high] = range
    const ramp = context.createLinearGradient(0, bottom, 0, top)
    for (let i = 0; i <= 16; i++) ramp.addColorStop(i / 16, `rgb(${mapColour(1 - i / 16, map).join(' ')})`)
    context.fillStyle = ramp
    context.fillRect(left, top, width, bottom - top)
    const scale = logScale(low, high, bottom, top)
    const inside = high > low * 1.01 ? logTicks(low, high, Math.max(2, Math.floor((bottom - top) / 24))) : []
    const shown = inside.length > 1 ? inside : [low, ...(high > low ? [high] : [])]
    for (const value of shown) write(context, style, axisNumber(value), left + width + 5, scale.of(value), { baseline: 'middle', size: 10 })
  }
  if (!hasDiverged) return
  context.fillStyle = divergedColour
  context.fillRect(left, frame.bottom - width, width, width)
  cross(context, [left, frame.bottom - width, width, width], style)
  write(context, style, words.diverged, left + width + 5, frame.bottom - width / 2, { baseline: 'middle', size: 10 })
}
