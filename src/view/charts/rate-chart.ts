/** The learning-rate test: the loss that networks reach over the rate, as a band, with what diverged and what is suggested. */
import type { RateBand } from '../../answers/rate/summary.ts'
import {
  axisNumber,
  kept,
  line,
  logScale,
  translucent,
  write,
  type ChartStyle,
  type Drawing,
  type Frame,
  type Scale,
  type Size,
} from './drawing.ts'
import { logRange, logTicks } from './log-axis.ts'

export interface RateChart {
  bands: readonly RateBand[]
  /** A first look at the whole range, at one seed. */
  coarse: { rates: readonly number[]; loss: readonly (number | null | undefined)[] } | null
  /** The whole range, whether tested or not. */
  least: number
  greatest: number
  /** The loss at first weights; null where it is not known yet. */
  start: number | null
  suggested: number | null
  from: number | null
  to: number | null
  /** The rate that the reader has now. */
  now: number | null
  /** Above which plain steps overshoot at the first weights. */
  limit?: number | null
  /** The rate that is pointed at, by its number. */
  hovered?: number | null
  words: {
    rate: string
    loss: string
    start: string
    diverged: string
    now: string
    median: string
    quartiles: string
    works: string
    limit?: string
  }
}

export interface RateLayout {
  frame: Frame
  x: Scale
  y: Scale
  /** The band whose rate is nearest to a pixel. */
  nearest(pixel: number): number
}

const inset = { left: 48, right: 40, top: 24, bottom: 34 }
/** Losses above this many times the first are not worth the room. */
const head = 1.6

export function rateLayout({ bands, coarse, least, greatest, start }: RateChart, { width, height }: Size): RateLayout {
  const frame = { left: inset.left, right: width - inset.right, top: inset.top, bottom: height - inset.bottom }
  const losses = [...bands.flatMap(({ lower, median, upper }) => [lower, median, upper]), ...(coarse?.loss ?? []), start].filter(
    (loss): loss is number => typeof loss === 'number' && loss > 0,
  )
  const most = start === null ? Infinity : start * head
  const [low, high] = losses.length ? [Math.min(...losses), Math.min(most, Math.max(...losses))] : [0.1, 1]
  const [bottom, top] = logRange(low, Math.max(low, high))
  const pad = 12
  const x = logScale(least, greatest, frame.left + pad, frame.right - pad)
  return {
    frame,
    x,
    y: logScale(bottom, top, frame.bottom, frame.top),
    nearest: (pixel) =>
      bands.reduce((best, { rate }, i) => (Math.abs(x.of(rate) - pixel) < Math.abs(x.of(bands[best]!.rate) - pixel) ? i : best), 0),
  }
}

export function drawRateChart(context: Drawing, size: Size, chart: RateChart, style: ChartStyle): void {
  const layout = rateLayout(chart, size)
  const { frame, x, y } = layout
  drawWorking(context, chart, layout, style)
  drawAxes(context, chart, layout, style)
  drawDiverged(context, chart, layout, style)
  context.save()
  context.beginPath()
  context.rect(frame.left, frame.top - 1, frame.right - frame.left, frame.bottom - frame.top + 2)
  context.clip()
  if (chart.start !== null) {
    context.setLineDash([3, 4])
    line(context, frame.left, y.of(chart.start), frame.right, y.of(chart.start), style.ink3)
    context.setLineDash([])
  }
  drawCoarse(context, chart, layout, style)
  drawBand(context, chart.bands, layout, style)
  context.restore()
  if (chart.start !== null) write(context, style, chart.words.start, frame.right - 4, y.of(chart.start) - 4, { align: 'right', size: 10 })
  drawMarks(context, chart, layout, style)
  if (size.width >= legendFrom) drawLegend(context, chart, layout, style)
  const hovered = chart.bands[chart.hovered ?? -1]
  if (hovered) line(context, x.of(hovered.rate), frame.top, x.of(hovered.rate), frame.bottom, translucent(style.ink, 0.35))
}

/** Where the networks of all seeds learn. */
function drawWorking(context: Drawing, { from, to }: RateChart, { frame, x }: RateLayout, style: ChartStyle) {
  if (from === null || to === null) return
  const [left, right] = from === to ? [x.of(from) - 4, x.of(to) + 4] : [x.of(from), x.of(to)]
  context.fillStyle = translucent(style.accent, 0.09)
  context.fillRect(left, frame.top, right - left, frame.bottom - frame.top)
  for (const edge of [left, right]) line(context, edge, frame.top, edge, frame.bottom, translucent(style.accent, 0.35))
}

function drawAxes(context: Drawing, { least, greatest, words }: RateChart, { frame, x, y }: RateLayout, style: ChartStyle) {
  const [low, high] = [y.back(frame.bottom), y.back(frame.top)]
  for (const loss of logTicks(low, high, Math.max(2, Math.floor((frame.bottom - frame.top) / 26)))) {
    line(context, frame.left, y.of(loss), frame.right, y.of(loss), style.line)
    write(context, style, axisNumber(loss), frame.left - 6, y.of(loss), { align: 'right', baseline: 'middle' })
  }
  for (const rate of logTicks(least, greatest, Math.max(2, Math.floor((frame.right - frame.left) / 52)))) {
    line(context, x.of(rate), frame.bottom, x.of(rate), frame.bottom + 4, style.ink3)
    write(context, style, axisNumber(rate), x.of(rate), frame.bottom + 15, { align: 'center' })
  }
  write(context, style, words.loss, frame.left - 6, frame.top - 11, { align: 'right', size: 10 })
  write(context, style, words.rate, frame.right, frame.bottom + 30, { align: 'right', size: 10 })
}

/** The share that diverged, as bars over the whole height, with an axis of their own on the right. */
function drawDiverged(context: Drawing, { bands, words }: RateChart, { frame, x }: RateLayout, style: ChartStyle) {
  if (!bands.some(({ diverged }) => diverged > 0)) return
  const height = frame.bottom - frame.top
  const every = bands.length > 1 ? Math.abs(x.of(bands[1]!.rate) - x.of(bands[0]!.rate)) : 12
  const width = Math.max(3, every * 0.62)
  context.fillStyle = translucent(style.bad, 0.3)
  for (const { rate, diverged } of bands)
    context.fillRect(x.of(rate) - width / 2, frame.bottom - height * diverged, width, height * diverged)
  for (const share of [0, 0.5, 1])
    write(context, style, `${100 * share} %`, frame.right + 5, frame.bottom - height * share, {
      baseline: 'middle',
      size: 10,
      colour: translucent(style.bad, 0.85),
    })
  write(context, style, words.diverged, frame.right + inset.right - 4, frame.top - 11, {
    align: 'right',
    size: 10,
    colour: translucent(style.bad, 0.85),
  })
}

function drawCoarse(context: Drawing, { coarse }: RateChart, { x, y, frame }: RateLayout, style: ChartStyle) {
  coarse?.rates.forEach((rate, i) => {
    const loss = coarse.loss[i]
    if (loss === undefined) return
    context.strokeStyle = loss === null ? style.bad : style.ink3
    context.lineWidth = 1.2
    context.beginPath()
    context.arc(x.of(rate), loss === null ? frame.top + 4 : Math.max(frame.top + 4, y.of(loss)), 3, 0, 2 * Math.PI)
    context.stroke()
  })
}

/** Quartiles as an area, the median as a line with a dot at each rate; a quartile among those that diverged goes to the top. */
function drawBand(context: Drawing, bands: readonly RateBand[], { x, y, frame }: RateLayout, style: ChartStyle) {
  const measured = bands.filter(({ count }) => count > 0)
  const high = (loss: number | null) => (loss === null ? frame.top - 2 : y.of(loss))
  context.fillStyle = translucent(style.accent, 0.2)
  for (const run of runsOf(measured, ({ lower }) => lower !== null)) {
    context.beginPath()
    for (const { rate, upper } of run) context.lineTo(x.of(rate), high(upper))
    for (const { rate, lower } of [...run].reverse()) context.lineTo(x.of(rate), high(lower))
    context.fill()
  }
  context.strokeStyle = context.fillStyle = style.accent
  context.lineWidth = 2
  context.lineJoin = 'round'
  for (const run of runsOf(measured, ({ median }) => median !== null)) {
    context.beginPath()
    for (const { rate, median } of run) context.lineTo(x.of(rate), y.of(median!))
    context.stroke()
    for (const { rate, median } of run) {
      context.beginPath()
      context.arc(x.of(rate), y.of(median!), 2.6, 0, 2 * Math.PI)
      context.fill()
    }
  }
}

/** The suggested rate and the one at hand. */
function drawMarks(
  context: Drawing,
  { suggested, now, limit, least, greatest, words }: RateChart,
  { frame, x }: RateLayout,
  style: ChartStyle,
) {
  if (suggested !== null) {
    const at = x.of(suggested)
    context.lineWidth = 1.5
    line(context, at, frame.top - 3, at, frame.bottom, style.accent, 1.5)
    const text = axisNumber(suggested)
    context.font = `600 12px ${style.font}`
    write(context, style, text, kept(context, text, at, frame.left, frame.right), frame.top - 9, {
      align: 'center',
      colour: style.accent,
      size: 12,
      weight: 600,
    })
  }
  if (typeof limit === 'number' && limit > least && limit < greatest) {
    context.setLineDash([6, 3])
    line(context, x.of(limit), frame.top, x.of(limit), frame.bottom, translucent(style.bad, 0.8))
    context.setLineDash([])
    write(context, style, `${words.limit ?? ''} ${axisNumber(limit)}`, x.of(limit) - 5, frame.top + 12, {
      align: 'right',
      size: 10,
      colour: style.bad,
    })
  }
  if (now === null || now < least || now > greatest) return
  const at = x.of(now)
  context.fillStyle = style.mark
  context.beginPath()
  context.moveTo(at, frame.bottom - 1)
  context.lineTo(at - 4, frame.bottom + 5)
  context.lineTo(at + 4, frame.bottom + 5)
  context.fill()
  context.setLineDash([2, 3])
  line(context, at, frame.top, at, frame.bottom, translucent(style.mark, 0.7))
  context.setLineDash([])
  const toLeft = at > (frame.left + frame.right) / 2
  write(context, style, `${words.now} ${axisNumber(now)}`, at + (toLeft ? -5 : 5), frame.bottom - 6, {
    align: toLeft ? 'right' : 'left',
    size: 10,
    colour: style.mark,
  })
}

/** Narrower than so many pixels, the chart has no room for it. */
const legendFrom = 400
const swatch = 14

/** What line, areas and shade are, below the frame's foot on the left, beside the axis' title. */
function drawLegend(context: Drawing, { words }: RateChart, { frame }: RateLayout, style: ChartStyle) {
  const y = frame.bottom + 30
  let x = frame.left
  const entry = (text: string, paint: () => void) => {
    paint()
    write(context, style, text, x + swatch + 5, y, { size: 10 })
    x += swatch + 5 + context.measureText(text).width + 14
  }
  entry(words.median, () => line(context, x, y - 3.5, x + swatch, y - 3.5, style.accent, 2))
  const area = (alpha: number) => () => {
    context.fillStyle = translucent(style.accent, alpha)
    context.fillRect(x, y - 8, swatch, 9)
  }
  entry(words.quartiles, area(0.32))
  entry(words.works, area(0.13))
}

/** Stretches of neighbours that all are as asked. */
function runsOf<Item>(items: readonly Item[], is: (item: Item) => boolean): Item[][] {
  const runs: Item[][] = [[]]
  for (const item of items)
    if (is(item)) runs.at(-1)!.push(item)
    else if (runs.at(-1)!.length) runs.push([])
  return runs.filter((run) => run.length > 0)
}
