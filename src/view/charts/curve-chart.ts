/** The loss of one network over its steps, on a log axis. */
import { axisNumber, line, logScale, write, type ChartStyle, type Drawing, type Size } from './drawing.ts'
import { logRange, logTicks } from './log-axis.ts'

export interface CurveChart {
  losses: ArrayLike<number>
  /** Of the whole training: the axis stands while the curve grows. */
  steps: number
  words: { loss: string; step: string }
}

const inset = { left: 44, right: 10, top: 18, bottom: 20 }

export function drawCurveChart(context: Drawing, { width, height }: Size, { losses, steps, words }: CurveChart, style: ChartStyle): void {
  const [left, right, top, bottom] = [inset.left, width - inset.right, inset.top, height - inset.bottom]
  const known = Array.from(losses).filter((loss) => Number.isFinite(loss) && loss > 0)
  const [low, high] = logRange(...((known.length ? [Math.min(...known), Math.max(...known)] : [0.1, 1]) as [number, number]))
  const y = logScale(low, high, bottom, top)
  const x = (step: number) => left + ((step - 1) / Math.max(1, steps - 1)) * (right - left)
  for (const loss of logTicks(low, high, Math.max(2, Math.floor((bottom - top) / 24)))) {
    line(context, left, y.of(loss), right, y.of(loss), style.line)
    write(context, style, axisNumber(loss), left - 6, y.of(loss), { align: 'right', baseline: 'middle', size: 10 })
  }
  write(context, style, words.loss, left - 6, top - 8, { align: 'right', size: 10 })
  write(context, style, '1', left, height - 5, { size: 10 })
  write(context, style, `${words.step} ${steps}`, right, height - 5, { align: 'right', size: 10 })
  context.strokeStyle = style.accent
  context.lineWidth = 1.4
  context.beginPath()
  for (let i = 0; i < losses.length; i++) if (losses[i]! > 0 && Number.isFinite(losses[i]!)) context.lineTo(x(i + 1), y.of(losses[i]!))
  context.stroke()
}
