/** The sweep map: networks over two settings as a heat map; one pointed at shows its curve, one clicked is adopted. */
import { useComputed, useSignal, type Signal } from '@preact/signals'
import { axesFor, axisOf, changeFor, defaultAxis, type Axis, type AxisName } from '../../../answers/sweep/axes.ts'
import { sweepMap, type SweepMap, type SweepMapPart } from '../../../answers/sweep/map.ts'
import { rateRange } from '../../../answers/rate/rates.ts'
import { drawCurveChart } from '../../../view/charts/curve-chart.ts'
import { axisNumber } from '../../../view/charts/drawing.ts'
import { bestCell, drawSweepChart, sweepLayout, type Cell, type SweepChart } from '../../../view/charts/sweep-chart.ts'
import { toldOf } from '../../run/describe.ts'
import type { Session } from '../../run/session.ts'
import type { Told } from '../../run/state.ts'
import { Select } from '../../ui/elements.tsx'
import { notice } from '../../ui/notices.ts'
import * as format from '../../words/format.ts'
import { said, t } from '../../words/language.ts'
import { toldText } from '../../words/problem-text.ts'
import { Chart } from './chart.tsx'
import { subjectOf, type Measuring } from './measuring.ts'
import { Progress } from './rate-view.tsx'

export type SweepMeasuring = Measuring<SweepMapPart, SweepMap>

/** Seconds that networks which train one after the other may take. */
const budget = 60
const count = 16

interface AxisChoice {
  name: AxisName
  from: string
  to: string
}

export interface Axes {
  first: Signal<AxisChoice | null>
  second: Signal<AxisChoice | null>
}

export function SweepView({ session, measuring, axes }: { session: Session; measuring: SweepMeasuring; axes: Axes }) {
  const state = session.state.signal
  const isStale = useComputed(() => measuring.isStale({ draft: state.value.draft, dataset: state.value.dataset })).value
  const part = measuring.part.value
  return (
    <div class="rate-body">
      <div class="rate-side">
        <p class="quiet">{t('sweep.hint')}</p>
        <Controls session={session} measuring={measuring} axes={axes} />
        {measuring.refused.value && <p class="rate-refused">{toldText(measuring.refused.value)}</p>}
        {measuring.result.value && (
          <>
            {isStale && <p class="rate-refused">{t('rate.stale')}</p>}
            <p class="quiet">{said(measuring.result.value.extent)}</p>
          </>
        )}
      </div>
      {part ? <Heat session={session} part={part} isStale={isStale} /> : <p class="rate-empty quiet">{t('sweep.empty')}</p>}
    </div>
  )
}

function Controls({ session, measuring, axes }: { session: Session; measuring: SweepMeasuring; axes: Axes }) {
  const { value: _draft } = useComputed(() => session.state.signal.value.draft)
  const progress = measuring.progress.value
  const subject = subjectOf(session)
  if (!('model' in subject)) return <p class="rate-refused">{toldText(subject)}</p>
  const { model, dataset } = subject
  const names = axesFor(model)
  const fresh = (name: AxisName): AxisChoice => {
    const [from, to] = defaultAxis(name, model, dataset.train.count, rateRange(model.optimizer))
    return { name, from: written(from), to: written(to) }
  }
  const choice = (chosen: AxisChoice | null, name: AxisName) => (chosen && names.includes(chosen.name) ? chosen : fresh(name))
  const [first, second] = [choice(axes.first.value, 'learningRate'), choice(axes.second.value, 'seed')]
  const parsed = parse([first, second])
  const run = () => {
    if (!('axes' in parsed)) return
    void measuring.run(({ model: own, dataset: data, ...manner }, hear) =>
      sweepMap(session.engine, own, data, parsed.axes, { ...manner, ...hear, budget }),
    )
  }
  const picker = (own: AxisChoice, other: AxisChoice, set: (next: AxisChoice) => void, label: string) => (
    <AxisRow
      choice={own}
      label={label}
      names={names.filter((name) => name !== other.name)}
      fresh={fresh}
      set={set}
      isBusy={progress !== null}
    />
  )
  return (
    <>
      {picker(first, second, (next) => (axes.first.value = next), t('sweep.across'))}
      {picker(second, first, (next) => (axes.second.value = next), t('sweep.up'))}
      {[first, second].some(({ name }) => name === 'width') && <p class="quiet">{t('sweep.widthIs')}</p>}
      {'refused' in parsed && <p class="rate-refused">{toldText(parsed.refused)}</p>}
      {progress !== null ? (
        <Progress label={t('sweep.training')} progress={progress} cancel={() => measuring.cancel()} />
      ) : (
        <button type="button" class="button primary" id="sweep-run" disabled={!('axes' in parsed)} onClick={run}>
          {'axes' in parsed
            ? t('sweep.run', { rows: parsed.axes[0]!.values.length, columns: parsed.axes[1]!.values.length })
            : t('sweep.runNone')}
        </button>
      )}
    </>
  )
}

/** As short as one would write it: `1e-5`. */
const written = (value: number): string => (value > 0 && value < 1e-3 ? value.toExponential() : String(value))

function parse(choices: readonly AxisChoice[]): { axes: Axis[] } | { refused: Told } {
  try {
    return { axes: choices.map(({ name, from, to }) => axisOf(name, numberOf(from), numberOf(to), count)) }
  } catch (error) {
    return { refused: toldOf(error) }
  }
}
const numberOf = (text: string): number => (text.trim() === '' ? NaN : Number(text))

interface AxisRowProps {
  choice: AxisChoice
  label: string
  names: readonly AxisName[]
  fresh(name: AxisName): AxisChoice
  set(next: AxisChoice): void
  isBusy: boolean
}

function AxisRow({ choice, label, names, fresh, set, isBusy }: AxisRowProps) {
  const end = (key: 'from' | 'to') => (
    <input
      type="text"
      inputMode="decimal"
      disabled={isBusy}
      aria-label={t(key === 'from' ? 'sweep.from' : 'sweep.to', { axis: t(`sweep.axis.${choice.name}`) })}
      value={choice[key]}
      onChange={({ currentTarget }) => set({ ...choice, [key]: currentTarget.value })}
    />
  )
  return (
    <div class="sweep-axis">
      <Select
        label={label}
        value={choice.name}
        options={names.map((name) => ({ value: name, text: t(`sweep.axis.${name}`) }))}
        onChange={(name) => set(fresh(name))}
      />
      {end('from')}
      <span aria-hidden="true">–</span>
      {end('to')}
    </div>
  )
}

function Heat({ session, part, isStale }: { session: Session; part: SweepMapPart; isStale: boolean }) {
  const hovered = useSignal<Cell | null>(null)
  const { axes, loss, curves, steps } = part
  const [across, up] = axes.map(({ name, values }) => ({ title: t(`sweep.axis.${name}`), values })) as [
    SweepChart['axes'][0],
    SweepChart['axes'][1],
  ]
  const at = hovered.value && loss[hovered.value[0]]?.[hovered.value[1]] !== undefined ? hovered.value : null
  const shown = at ?? bestCell(loss)
  const chart: SweepChart = {
    axes: [across, up],
    loss,
    hovered: at,
    words: { loss: t('rate.chart.loss'), diverged: t('rate.chart.diverged') },
  }
  const valuesAt = ([first, second]: Cell) => [axes[0].values[first]!, axes[1].values[second]!] as const
  const adopt = (cell: Cell | null) => {
    if (!cell) return
    const { model } = subjectOf(session) as { model?: Parameters<typeof changeFor>[0] }
    if (!model) return
    const refused = session.adopt(changeFor(model, axes, valuesAt(cell)))
    if (refused) notice(toldText(refused))
  }
  const move = (key: string): boolean => {
    if (key === 'Enter' || key === ' ') {
      adopt(at)
      return true
    }
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key]
    if (!step) return false
    const from = at ?? shown ?? [0, 0]
    const bounded = (value: number, length: number) => Math.max(0, Math.min(length - 1, value))
    hovered.value = at ? [bounded(from[0] + step[0]!, across.values.length), bounded(from[1] + step[1]!, up.values.length)] : from
    return true
  }
  const text = shown ? cellText(part, shown, at === null) : ''
  return (
    <figure class="rate-figure">
      <div class="sweep-charts">
        <Chart
          id="sweep-chart"
          label={t('sweep.name', { across: across.title, up: up.title })}
          isStale={isStale}
          isReached
          role="application"
          aria-describedby="sweep-readout"
          draw={(context, size, style) => drawSweepChart(context, size, chart, style)}
          onPoint={(x, y, size) => (hovered.value = sweepLayout(chart, size).at(x, y))}
          onChoose={(x, y, size) => adopt(sweepLayout(chart, size).at(x, y))}
          onPointerLeave={() => (hovered.value = null)}
          onBlur={() => (hovered.value = null)}
          onKeyDown={(event) => move(event.key) && event.preventDefault()}
        />
        <Chart
          id="sweep-curve"
          label={t('sweep.curve')}
          isStale={isStale}
          draw={(context, size, style) =>
            drawCurveChart(
              context,
              size,
              { losses: shown ? curves[shown[0]]![shown[1]]! : [], steps, words: { loss: t('rate.chart.loss'), step: t('sweep.step') } },
              style,
            )
          }
        />
      </div>
      <figcaption id="sweep-readout" aria-live="polite">
        {text || ' '}
      </figcaption>
    </figure>
  )
}

function cellText({ axes, loss }: SweepMapPart, [first, second]: Cell, isBest: boolean): string {
  const where = axes.map(({ name, values }, i) => `${t(`sweep.axis.${name}`)} ${axisNumber(values[i === 0 ? first : second]!)}`).join(' · ')
  const value = loss[first]![second]
  const said = value === null || value === undefined ? t('rate.chart.diverged') : t('sweep.loss', { loss: format.short(value) })
  return isBest ? t('sweep.best', { where, loss: said }) : t('sweep.cell', { where, loss: said })
}
