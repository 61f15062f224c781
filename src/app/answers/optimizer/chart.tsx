/** The losses of all that train, over each other. */
import { useEffect, useRef } from 'preact/hooks'
import { linesPlot, type LinesPlot } from '../../charts/lines.ts'
import { classColour } from '../../charts/palette.ts'
import * as format from '../../words/format.ts'
import { t } from '../../words/language.ts'
import type { Entry } from './entries.ts'

export function LossChart({ entries, target }: { entries: readonly Entry[]; target: number | null }) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<LinesPlot | null>(null)
  useEffect(() => {
    plot.current = linesPlot(() => t('contest.chart'), 190)
    host.current?.append(plot.current.canvas)
  }, [])
  useEffect(() => {
    const last = Math.max(1, ...entries.map(({ steps }) => steps.at(-1) ?? 0))
    const lines = entries.map(({ curve, index, isShown }) => ({ ...curve, colour: classColour(index), strong: isShown }))
    const goal = target === null ? [] : [{ x: [1, last], y: [target, target], colour: 'rgb(255 255 255 / 0.3)' }]
    plot.current?.show([...goal, ...lines], {
      low: 1,
      high: last,
      labels: [
        { at: 1, text: last > 1 ? '1' : '' },
        { at: last, text: last > 1 ? t('charts.step', { step: format.integer(last) }) : '' },
      ],
    })
  }, [entries, target])
  return <div class="contest-chart" ref={host} />
}
