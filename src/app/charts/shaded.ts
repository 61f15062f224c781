/** Steps that the loss curves shade: those of the finding that is shown. */
import { signal } from '@preact/signals'
import type uPlot from 'uplot'
import type { Steps } from '../run/state.ts'

export const shaded = signal<Steps | null>(null)

/** In CSS pixels, so that a single step is seen too. */
const narrowest = 3
const colour = 'rgb(255 184 105 / 22%)'

/** Behind the curves. */
export function drawShaded(chart: uPlot): void {
  const steps = shaded.value
  if (!steps) return
  const { ctx, bbox } = chart
  const scale = devicePixelRatio
  const at = (step: number) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, chart.valToPos(step, 'x', true)))
  const [from, to] = [at(steps.first), at(steps.last)]
  const width = Math.max(narrowest * scale, to - from)
  ctx.save()
  ctx.fillStyle = colour
  ctx.fillRect(Math.min(from, bbox.left + bbox.width - width), bbox.top, width, bbox.height)
  ctx.restore()
}
