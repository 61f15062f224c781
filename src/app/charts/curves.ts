/** Loss and accuracy over the steps, training and test. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { card } from '../ui/card.ts'
import { smoothed, type Curve, type Curves } from '../run/curves.ts'
import { h, replace, segmented, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { logRange, logTicks } from './log-axis.ts'
import type { Dataset } from '../../data/types.ts'
import type { State } from '../run/state.ts'
import { chartFont, colour } from './surface.ts'

export interface CurvesCard {
  update(state: State): void
}

export function curvesCard(curves: Curves): CurvesCard {
  const { head, body, note, title } = card('card-curves', 'Loss')
  let logarithmic = true
  const scale = segmented(
    'Scale of the loss',
    [
      { value: 'log', text: 'log' },
      { value: 'linear', text: 'linear' },
    ] as const,
    'log',
    (value) => {
      logarithmic = value === 'log'
      lossPlot.remake()
    },
  )
  head.append(scale.element)
  note.remove()

  const cell = () => h('b')
  const [trainLoss, testLoss, trainAccuracy, testAccuracy] = [cell(), cell(), cell(), cell()]
  const readout = h('div', { class: 'readout' })
  const tested = h('span', { class: 'test' }, 'test')
  const scaleNote = h('p', { class: 'scale-note' })
  const lossHost = h('div', { class: 'curve', role: 'img', 'aria-label': 'Loss over the steps' })
  const accuracyHost = h('div', { class: 'curve', role: 'img', 'aria-label': 'Accuracy over the steps' })
  body.append(readout, h('div', { class: 'curves' }, lossHost, accuracyHost, scaleNote))

  const lossPlot = plot(
    lossHost,
    curves.trainLoss,
    curves.testLoss,
    () => (logarithmic ? 'log' : 'linear'),
    () => noisy,
  )
  const accuracyPlot = plot(
    accuracyHost,
    curves.trainAccuracy,
    curves.testAccuracy,
    () => 'share',
    () => noisy,
  )
  let noisy = true
  let shown = ''

  return {
    update(state) {
      const { live, running, dataset } = state
      // Before the first run there is room for all that it may have.
      const now = !running || running.training.loss === 'crossEntropy' || running.training.loss === 'binaryCrossEntropy'
      const hasTest = dataset === null || dataset.test !== undefined
      // The whole data in every batch leaves no noise to smooth.
      noisy = (dataset?.train.count ?? 0) > (running?.training.batchSize ?? 0)
      setText(scaleNote, dataset ? lossScaleOf(dataset) : '')
      if (shown !== `${now} ${hasTest}`) {
        shown = `${now} ${hasTest}`
        accuracyHost.hidden = !now
        setText(title, now ? 'Loss and accuracy' : 'Loss')
        replace(
          readout,
          h('span'),
          h('span', { style: 'text-align:right' }, 'loss'),
          h('span', { style: 'text-align:right' }, now ? 'accuracy' : ''),
          h('span', { class: 'train' }, 'train'),
          trainLoss,
          trainAccuracy,
          ...(hasTest ? [tested, testLoss, testAccuracy] : []),
        )
      }
      setText(trainLoss, format.loss(live.loss))
      setText(tested, live.tested ? `test, at ${format.steps(live.tested)}` : 'test')
      setText(testLoss, format.loss(live.testLoss))
      setText(trainAccuracy, now ? format.percent(live.accuracy) : '')
      setText(testAccuracy, now ? format.percent(live.testAccuracy) : '')
      lossPlot.draw()
      if (now) accuracyPlot.draw()
    },
  }
}

/** A loss of standardised targets is not in their unit. */
function lossScaleOf({ targetScaling, targetNames }: Dataset): string {
  if (!targetScaling) return ''
  const deviations = [...targetScaling.deviation]
  const unit =
    deviations.length === 1 ? `${targetNames?.[0] ?? 'target'} in units of ${format.tick(deviations[0]!)}` : 'every target in units'
  return `Loss of the standardised target: ${unit}, its standard deviation.`
}

type ScaleKind = 'log' | 'linear' | 'share'

function plot(host: HTMLElement, train: Curve, test: Curve, kind: () => ScaleKind, noisy: () => boolean) {
  let chart: uPlot | null = null
  let width = 0
  let height = 0
  const data = (): uPlot.AlignedData => {
    const log = kind() === 'log'
    const y = (curve: Curve) => (log ? curve.y.map((value) => (value !== null && value > 0 ? value : null)) : curve.y)
    // One step without values keeps the axes' places.
    if (isEmpty()) return [[0], [null], [null], [null]]
    const values = y(train)
    return uPlot.join([
      [train.x, values, noisy() ? smoothed(values) : values],
      [test.x, y(test)],
    ] as uPlot.AlignedData[])
  }
  const isEmpty = () => train.x.length === 0 && test.x.length === 0
  const make = () => {
    chart?.destroy()
    chart = width > 0 && height > 0 ? new uPlot(optionsFor(kind(), test, isEmpty, width, height), data(), host) : null
  }
  new ResizeObserver((entries) => {
    const box = entries.at(-1)?.contentRect
    if (!box || (box.width === width && box.height === height)) return
    ;[width, height] = [box.width, box.height]
    if (chart && width > 0 && height > 0) chart.setSize({ width, height })
    else make()
  }).observe(host)
  return { remake: make, draw: () => chart?.setData(data()) }
}

/** Between the points of a series, at least, in CSS pixels. */
const pointSpacing = 7

/** Indices of the values there are, evenly thinned to `most`; the last is among them. */
function sparse(values: ArrayLike<number | null | undefined>, most: number): number[] {
  const present = Array.from(values, (value, i) => (value === null || value === undefined ? -1 : i)).filter((i) => i >= 0)
  const every = Math.ceil(present.length / most)
  return present.filter((_, i) => (present.length - 1 - i) % every === 0)
}

/** Without a positive loss there is nothing to range over. */
const logScale = (_: uPlot, low: number | null, high: number | null): [number, number] =>
  low !== null && high !== null && low > 0 ? logRange(low, high) : [0.1, 1]

/** Ticks for which a chart has room, less the x-axis, in CSS pixels. */
const mostTicks = (height: number): number => Math.max(2, Math.min(7, Math.floor((height - 20) / 17)))

function optionsFor(kind: ScaleKind, test: Curve, isEmpty: () => boolean, width: number, height: number): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: colour.ink3,
    font: chartFont,
    grid: { stroke: colour.line, width: 1 },
    ticks: { show: false },
  }
  return {
    width,
    height,
    padding: [6, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 5 }, drag: { x: false, y: false } },
    scales: {
      x: { time: false },
      y: kind === 'log' ? { distr: 3, log: 10, range: logScale } : kind === 'share' ? { range: [0, 1] } : {},
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 20,
        gap: 3,
        space: 60,
        values: (_, splits) => splits.map((value) => (value % 1 || isEmpty() ? '' : format.count(value))),
      },
      {
        ...axis,
        size: 40,
        gap: 6,
        space: 26,
        ...(kind === 'log' && {
          splits: (_: uPlot, __: number, low: number, high: number) => logTicks(low, high, mostTicks(height)),
          // uPlot would leave some of them out.
          filter: (_: uPlot, splits: number[]) => splits,
        }),
        values: (_, splits) =>
          splits.map((value) =>
            value === null || (isEmpty() && kind !== 'share') ? '' : kind === 'share' ? `${Math.round(value * 100)} %` : format.tick(value),
          ),
      },
    ],
    series: [
      {},
      { stroke: 'rgb(95 224 205 / 0.28)', width: 1, points: { show: false }, spanGaps: true },
      { stroke: colour.accent, width: 1.6, points: { show: false }, spanGaps: true },
      {
        // Points alone: between two evaluations nothing is known.
        stroke: colour.test,
        paths: () => null,
        points: {
          show: () => true,
          size: 4,
          width: 0,
          fill: colour.test,
          filter: (self, series) => sparse(self.data[series] ?? [], width / pointSpacing),
        },
      },
    ],
  }
}
