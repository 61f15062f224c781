/** The learning-rate test: a band of losses over the rate, a suggestion, and a click that takes it. */
import { useComputed, useSignal } from '@preact/signals'
import { defaultBudget, expectedTest } from '../../../answers/rate/plan.ts'
import { rateRange } from '../../../answers/rate/rates.ts'
import { rateTest, type RateTest, type RateTestPart } from '../../../answers/rate/test.ts'
import { axisNumber } from '../../../view/charts/drawing.ts'
import { drawRateChart, rateLayout, type RateChart } from '../../../view/charts/rate-chart.ts'
import type { Session } from '../../run/session.ts'
import { notice } from '../../ui/notices.ts'
import * as format from '../../words/format.ts'
import { message } from '../../../words/say.ts'
import { said, t } from '../../words/language.ts'
import { toldText } from '../../words/problem-text.ts'
import { Chart } from './chart.tsx'
import type { Measuring } from './measuring.ts'

export type RateMeasuring = Measuring<RateTestPart, RateTest>

export function RateView({ session, measuring }: { session: Session; measuring: RateMeasuring }) {
  const state = session.state.signal
  const draft = useComputed(() => state.value.draft).value
  const isStale = useComputed(() => measuring.isStale({ draft: state.value.draft, dataset: state.value.dataset })).value
  const part = measuring.part.value
  return (
    <div class="rate-body">
      <div class="rate-side">
        <p class="quiet">{t('rate.hint')}</p>
        <Controls session={session} measuring={measuring} isStale={isStale} />
        {measuring.refused.value && <p class="rate-refused">{toldText(measuring.refused.value)}</p>}
        <Found session={session} measuring={measuring} isStale={isStale} />
      </div>
      {part && draft ? (
        <Band part={part} measuring={measuring} now={draft.training.optimizer.learningRate} isStale={isStale} />
      ) : (
        <p class="rate-empty quiet">{t('rate.empty')}</p>
      )}
    </div>
  )
}

/** A time that people wait: whole seconds, or minutes from two on. */
export function waitText(seconds: number): string {
  return seconds < 100
    ? t('rate.seconds', { count: Math.max(1, seconds < 10 ? Math.round(seconds) : 5 * Math.round(seconds / 5)) })
    : t('rate.minutes', { count: Math.round(seconds / 60) })
}

function Controls({ session, measuring, isStale }: { session: Session; measuring: RateMeasuring; isStale: boolean }) {
  const running = useComputed(() => session.state.signal.value.running).value
  const progress = measuring.progress.value
  if (progress !== null) return <Progress label={t('rate.testing')} progress={progress} cancel={() => measuring.cancel()} />
  const { trainer, engine } = session
  const fits = trainer ? 'smallNetwork' in trainer.history.variants && !running?.perturbation : false
  const expected = trainer && expectedTest(trainer.cost, engine.adapter.software, fits)
  const run = () =>
    void measuring.run(({ model, dataset, ...manner }, hear) =>
      rateTest(engine, model, dataset, { ...manner, ...hear, budget: defaultBudget }),
    )
  return (
    <button
      type="button"
      class={measuring.result.value ? 'button' : 'button primary'}
      id="rate-test"
      disabled={!running || !trainer}
      onClick={run}
    >
      {expected
        ? `${t('rate.test', { rates: expected.rates, seeds: expected.seeds })} · ${waitText((isStale ? null : measuring.seconds) ?? expected.seconds)}`
        : t('rate.testNone')}
    </button>
  )
}

export function Progress({ label, progress, cancel }: { label: string; progress: number; cancel(): void }) {
  return (
    <div class="rate-progress">
      <progress max={1} value={progress} aria-label={label} />
      <span>{format.integer(100 * progress)} %</span>
      <button type="button" class="button" onClick={cancel}>
        {t('rate.cancel')}
      </button>
    </div>
  )
}

function Found({ session, measuring, isStale }: { session: Session; measuring: RateMeasuring; isStale: boolean }) {
  const result = measuring.result.value
  const now = useComputed(() => session.state.signal.value.draft?.training.optimizer.learningRate).value
  if (!result) return null
  const { suggested, reason, extent } = result
  const use = () => {
    const refused = session.adopt({ optimizer: { learningRate: suggested! } })
    if (refused) return notice(toldText(refused))
    const step = session.trainer?.step ?? 0
    if (step > 0)
      notice(message('rate.used', { step, rate: axisNumber(suggested!) }), 'done', {
        text: message('rate.beginAnew'),
        act: () => void session.reset(),
      })
  }
  return (
    <>
      {isStale && <p class="rate-refused">{t('rate.stale')}</p>}
      {suggested !== null && (
        <button type="button" class="button primary" id="use-rate" disabled={now === suggested} onClick={use}>
          {t(now === suggested ? 'rate.inUse' : 'rate.use', { rate: axisNumber(suggested) })}
        </button>
      )}
      <p id="rate-reason" aria-live="polite">
        {said(reason)}
      </p>
      <p class="quiet">{said(extent)}</p>
    </>
  )
}

function Band({ part, measuring, now, isStale }: { part: RateTestPart; measuring: RateMeasuring; now: number; isStale: boolean }) {
  const hovered = useSignal<number | null>(null)
  const result = measuring.result.value
  const range = rateRange(measuring.subject.value!.model.optimizer)
  const chart: RateChart = {
    bands: part.bands,
    coarse: part.coarse,
    ...range,
    start: result?.start ?? null,
    suggested: result?.suggested ?? null,
    from: result?.from ?? null,
    to: result?.to ?? null,
    now,
    hovered: hovered.value,
    words: {
      rate: t('rate.chart.rate'),
      loss: t('rate.chart.loss'),
      start: t('rate.chart.start'),
      diverged: t('rate.chart.diverged'),
      now: t('rate.chart.now'),
      median: t('rate.chart.median'),
      quartiles: t('rate.chart.quartiles'),
      works: t('rate.chart.works'),
    },
  }
  const last = part.bands.length - 1
  const at = hovered.value !== null && hovered.value <= last ? hovered.value : null
  const text = at === null ? '' : readout(part, at)
  const move = (key: string) => {
    const from = at ?? Math.max(0, nearestTo(part, result?.suggested ?? now))
    const next = { ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1, Home: 0, End: last }[key]
    if (next === undefined) return false
    hovered.value = at === null && key !== 'Home' && key !== 'End' ? from : Math.max(0, Math.min(last, next))
    return true
  }
  return (
    <figure class="rate-figure">
      <Chart
        id="rate-chart"
        label={t('rate.chart.name')}
        isStale={isStale}
        isReached={last >= 0}
        role={last >= 0 ? 'slider' : 'img'}
        {...(last >= 0 && {
          'aria-valuemin': 0,
          'aria-valuemax': last,
          'aria-valuenow': at ?? Math.max(0, nearestTo(part, result?.suggested ?? now)),
          'aria-valuetext': text || readout(part, Math.max(0, nearestTo(part, result?.suggested ?? now))),
        })}
        draw={(context, size, style) => drawRateChart(context, size, chart, style)}
        onPoint={(x, _, size) => (hovered.value = last < 0 ? null : rateLayout(chart, size).nearest(x))}
        onPointerLeave={() => (hovered.value = null)}
        onBlur={() => (hovered.value = null)}
        onKeyDown={(event) => move(event.key) && event.preventDefault()}
      />
      <figcaption id="rate-readout">{text || ' '}</figcaption>
    </figure>
  )
}

const nearestTo = ({ bands }: RateTestPart, rate: number): number =>
  bands.reduce((best, band, i) => (Math.abs(Math.log(band.rate / rate)) < Math.abs(Math.log(bands[best]!.rate / rate)) ? i : best), 0)

function readout({ bands, loss }: RateTestPart, at: number): string {
  const { rate, count, median, lower, upper } = bands[at]!
  const diverged = loss[at]!.filter((value) => value === null).length
  const number = (value: number | null) => (value === null ? t('rate.chart.diverged') : format.short(value))
  if (count === 0) return t('rate.readout.none', { rate: axisNumber(rate) })
  return t('rate.readout', { rate: axisNumber(rate), median: number(median), lower: number(lower), upper: number(upper), diverged, count })
}
