/** Below the rate test: how sharply the loss bends at the run's parameters, and what its rate bears. */
import { useSignal, type ReadonlySignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { sharpness, type Sharpness } from '../../../answers/sharpness.ts'
import type { Trainer } from '../../../train/types.ts'
import { linesPlot, type LinesPlot } from '../../charts/lines.ts'
import { classColour } from '../../charts/palette.ts'
import type { Session } from '../../run/session.ts'
import { Select } from '../../ui/elements.tsx'
import * as format from '../../words/format.ts'
import { said, t } from '../../words/language.ts'
import type { PanelProps } from '../questions.ts'
import './sharpness.css'

const everies = ['0', '10', '100', '1000', '10000'] as const

export function SharpnessView({ page: { session }, seen }: PanelProps) {
  const { found, done, every, failed, measure, cancel } = useSharpness(session, seen)
  const last = found.value.at(-1)
  return (
    <section class="sharpness" aria-label={t('sharpness.title')}>
      <div class="sharpness-head">
        {done.value === null ? (
          <button type="button" class="button" id="measure-sharpness" onClick={measure}>
            {t('sharpness.measure')}
          </button>
        ) : (
          <button type="button" class="button" id="cancel-sharpness" onClick={cancel}>
            {t('sharpness.cancel', { done: done.value })}
          </button>
        )}
        <div class="sharpness-every">
          <span aria-hidden="true">{t('sharpness.every')}</span>
          <Select
            label={t('sharpness.every')}
            value={every.value}
            options={everies.map((value) => ({
              value,
              text: value === '0' ? t('sharpness.never') : t('sharpness.steps', { count: Number(value) }),
            }))}
            onChange={(value) => (every.value = value)}
          />
        </div>
      </div>
      <p class="sharpness-verdict" role="status">
        {failed.value
          ? t('sharpness.failed')
          : last
            ? `${t('sharpness.at', { step: last.step })} ${said(last.verdict)}`
            : t('sharpness.hint')}
        {last && !last.converged && Number.isFinite(last.value) ? ` ${t('sharpness.uncertain', { error: last.error })}` : ''}
      </p>
      {last && Number.isFinite(last.value) && <SharpnessChart found={found.value} />}
    </section>
  )
}

/** What was measured of the run at hand, and how to measure again; a run that begins anew has nothing measured. */
function useSharpness(session: Session, seen: ReadonlySignal<boolean>) {
  const found = useSignal<readonly Sharpness[]>([])
  const done = useSignal<number | null>(null)
  const every = useSignal<(typeof everies)[number]>('0')
  const failed = useSignal(false)
  const own = useMemo(() => ({ trainer: null as Trainer | null, generation: -1, next: 0, stop: new AbortController() }), [])

  const begin = () => {
    const { trainer, runner } = session
    if (own.trainer === trainer && own.generation === runner.generation) return
    own.stop.abort()
    Object.assign(own, { trainer, generation: runner.generation, next: 0 })
    found.value = []
  }
  const measure = async () => {
    begin()
    const { trainer } = own
    if (!trainer || done.value !== null) return
    const { signal } = (own.stop = new AbortController())
    const { generation } = own
    done.value = 0
    failed.value = false
    try {
      const one = await sharpness(trainer, { signal, onProgress: (count) => void (done.value = count) })
      if (own.trainer === trainer && own.generation === generation)
        found.value = [...found.value.filter(({ step }) => step !== one.step), one]
    } catch (error) {
      if (!signal.aborted && session.trainer === trainer) {
        console.warn(error)
        failed.value = true
      }
    } finally {
      done.value = null
    }
  }
  useEffect(() => {
    let live = true
    session.runner.onSteps(() => {
      if (!live) return
      begin()
      const each = Number(every.value)
      const step = session.trainer?.step ?? 0
      if (each === 0 || !seen.value || done.value !== null || step < own.next) return
      own.next = (Math.floor(step / each) + 1) * each
      void measure()
    })
    return () => {
      live = false
      own.stop.abort()
    }
  }, [])
  return { found, done, every, failed, measure: () => void measure(), cancel: () => own.stop.abort() }
}

/** Sharpness over steps, beside what the rate bore then. */
function SharpnessChart({ found }: { found: readonly Sharpness[] }) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<LinesPlot | null>(null)
  useEffect(() => {
    plot.current = linesPlot(() => t('sharpness.chart'), 110)
    host.current?.append(plot.current.canvas)
  }, [])
  useEffect(() => {
    const told = found.filter(({ value }) => Number.isFinite(value)).toSorted((a, b) => a.step - b.step)
    const [first, last] = [told[0]?.step ?? 0, told.at(-1)?.step ?? 1]
    const bounded = told.filter(({ bound }) => bound)
    // A single measurement has its bound to both sides.
    const bound = bounded.length === 1 ? [first - 1, first + 1] : bounded.map(({ step }) => step)
    const values = bounded.length === 1 ? [bounded[0]!.bound!.value, bounded[0]!.bound!.value] : bounded.map((one) => one.bound!.value)
    plot.current?.show(
      [
        { x: bound, y: values, colour: 'rgb(255 255 255 / 0.45)' },
        { x: told.map(({ step }) => step), y: told.map(({ value }) => value), colour: classColour(0), strong: true, dots: true },
      ],
      {
        low: first === last ? first - 1 : first,
        high: first === last ? last + 1 : last,
        labels:
          first === last
            ? [{ at: first, text: t('charts.step', { step: format.integer(first) }) }]
            : [
                { at: first, text: format.integer(first) },
                { at: last, text: t('charts.step', { step: format.integer(last) }) },
              ],
      },
    )
  }, [found])
  const formula = found.at(-1)?.bound?.formula
  return (
    <figure class="sharpness-chart">
      <div ref={host} />
      <figcaption>
        <span class="of-sharpness">{t('sharpness.legend')}</span>
        {formula && <span class="of-bound">{formula}</span>}
      </figcaption>
    </figure>
  )
}
