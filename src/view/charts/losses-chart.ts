/** The losses of networks that train side by side, as lines over the steps on a log scale, each with its name. */
import { axisNumber, logScale, write, type ChartStyle, type Drawing, type Size } from './drawing.ts'
import { logRange, logTicks } from './log-axis.ts'

export interface LossesChart {
  lines: readonly { name: string; steps: readonly number[]; loss: readonly (number | null)[] }[]
  /** A loss that is asked for; null: none is. */
  target: number | null
  words: { loss: string; step: string }
}

/** Told apart in brightness too. */
const colours = ['#5fe0cd', '#f2a36b', '#b9a3ff', '#ffd873', '#7db4ff', '#ff8fa8', '#9be07a']
const inset = { left: 62, right: 150, top: 22, bottom: 36 }
const isDrawn = (value: number | null): value is number => value !== null && value > 0 && Number.isFinite(value)

export function drawLossesChart(context: Drawing, { width, height }: Size, { lines, target, words }: LossesChart, style: ChartStyle): void {
  const frame = { left: inset.left, right: width - inset.right, top: inset.top, bottom: height - inset.bottom }
  const losses = lines.flatMap(({ loss }) => loss.filter(isDrawn))
  const [least, most] = losses.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity])
  const [low, high] = losses.length > 0 ? logRange(least, most) : [0.1, 1]
  const y = logScale(low, high, frame.bottom, frame.top)
  const last = Math.max(2, ...lines.map(({ steps }) => steps.at(-1) ?? 0))
  const x = (step: number) => frame.left + ((step - 1) / (last - 1)) * (frame.right - frame.left)
  for (const value of logTicks(low, high, 8)) {
    rule(context, frame.left, y.of(value), frame.right, style.line)
    write(context, style, axisNumber(value), frame.left - 6, y.of(value), { align: 'right', baseline: 'middle' })
  }
  write(context, style, words.loss, frame.left - 6, frame.top - 10, { align: 'right', size: 10 })
  for (const [step, align] of [
    [1, 'left'],
    [last, 'right'],
  ] as const)
    write(context, style, String(step), x(step), frame.bottom + 15, { align })
  write(context, style, words.step, frame.right, frame.bottom + 30, { align: 'right', size: 10 })
  if (target !== null && target >= low && target <= high) rule(context, frame.left, y.of(target), frame.right, style.mark)
  lines.forEach(({ name, steps, loss }, i) => {
    const colour = colours[i % colours.length]!
    context.strokeStyle = colour
    context.lineWidth = 1.8
    context.beginPath()
    let isDown = false
    loss.forEach((value, k) => {
      if (isDrawn(value)) context[isDown ? 'lineTo' : 'moveTo'](x(steps[k]!), y.of(value))
      isDown = isDrawn(value)
    })
    context.stroke()
    const top = frame.top + 8 + 20 * i
    rule(context, frame.right + 14, top, frame.right + 30, colour, 3)
    write(context, style, name, frame.right + 36, top, { baseline: 'middle', colour: style.ink2, size: 12 })
  })
}

function rule(context: Drawing, left: number, y: number, right: number, colour: string, width = 1) {
  context.strokeStyle = colour
  context.lineWidth = width
  context.beginPath()
  context.moveTo(left, y)
  context.lineTo(right, y)
  context.stroke()
}
