/** Loss and accuracy over the steps, training and test. */
import { lossKind } from '../../model/catalogue/losses.ts'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Dataset } from '../../data/types.ts'
import { smoothed } from '../../answers/smoothed.ts'
import type { Curve } from '../run/curves.ts'
import { h, segmented, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import type { Card } from './card.ts'
import { logRange, logTicks } from '../../view/charts/log-axis.ts'
import { chartFont, palette } from './palette.ts'
import { drawShaded, shaded } from './shaded.ts'

export const curves: Card<'curves'> = {
  id: 'curves',
  title: 'charts.curves.title',
  name: 'charts.curves.name',
  needs: 'curves',
  make({ body, note, entitle }, { session }) {
    const { trainLoss, testLoss, trainAccuracy, testAccuracy } = session.curves
    let logarithmic = true
    let noisy = true
    const scale = segmented(
      () => t('charts.curves.scale'),
      [
        { value: 'log', text: () => t('charts.curves.log') },
        { value: 'linear', text: () => t('charts.curves.linear') },
      ] as const,
      'log',
      (value) => {
        logarithmic = value === 'log'
        lossPlot.remake()
      },
    )
    note.replaceWith(scale.element)

    const column = (text?: () => string) => h('span', { style: 'text-align:right' }, text)
    const part = (name: 'train' | 'test') => ({ name: h('span', { class: name }), loss: h('b'), accuracy: h('b') })
    const [train, test] = [part('train'), part('test')]
    const accuracyHead = column()
    const readout = h(
      'div',
      { class: 'readout' },
      h('span'),
      column(() => t('charts.curves.loss')),
      accuracyHead,
    )
    readout.append(...Object.values(train), ...Object.values(test))
    const scaleNote = h('p', { class: 'scale-note' })
    const lossHost = h('div', { class: 'curve', role: 'img', 'aria-label': () => t('charts.curves.lossChart') })
    const accuracyHost = h('div', { class: 'curve', role: 'img', 'aria-label': () => t('charts.curves.accuracyChart') })
    body.append(readout, h('div', { class: 'curves' }, lossHost, accuracyHost, scaleNote))
    const lossPlot = plot(
      lossHost,
      trainLoss,
      testLoss,
      () => (logarithmic ? 'log' : 'linear'),
      () => noisy,
    )
    const accuracyPlot = plot(
      accuracyHost,
      trainAccuracy,
      testAccuracy,
      () => 'share',
      () => noisy,
    )

    return {
      show({ state: { live, running, dataset } }) {
        // Before the first run there is room for all that it may have.
        const hasAccuracy = !running || lossKind(running.training.loss).ofClasses
        const hasTest = dataset === null || dataset.test !== undefined
        // The whole data in every batch leaves no noise to smooth.
        noisy = (dataset?.train.count ?? 0) > (running?.training.batchSize ?? 0)
        setText(scaleNote, dataset ? lossScaleOf(dataset) : '')
        accuracyHost.hidden = !hasAccuracy
        setText(accuracyHead, hasAccuracy ? t('charts.curves.accuracy') : '')
        for (const element of Object.values(test)) element.hidden = !hasTest
        entitle(hasAccuracy ? 'charts.curves.titleWithAccuracy' : 'charts.curves.title')
        setText(train.name, t('charts.train'))
        setText(test.name, live.tested ? t('charts.curves.testAt', { steps: format.steps(live.tested) }) : t('charts.test'))
        setText(train.loss, format.loss(live.loss))
        setText(test.loss, format.loss(live.testLoss))
        setText(train.accuracy, hasAccuracy ? format.percent(live.accuracy) : '')
        setText(test.accuracy, hasAccuracy ? format.percent(live.testAccuracy) : '')
        lossPlot.draw()
        if (hasAccuracy) accuracyPlot.draw()
      },
    }
  },
}

/** A loss of standardised targets is not in their unit. */
function lossScaleOf({ targetScaling, targetNames }: Dataset): string {
  if (!targetScaling) return ''
  const [deviation, ...others] = targetScaling.deviation
  if (deviation === undefined || others.length > 0) return t('charts.curves.allStandardised')
  return t('charts.curves.standardised', {
    target: targetNames?.[0] ?? t('charts.curves.target'),
    deviation: format.tick(deviation),
  })
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
    chart = width > 0 && height > 0 ? new uPlot(optionsFor(kind(), isEmpty, width, height), data(), host) : null
  }
  new ResizeObserver((entries) => {
    const box = entries.at(-1)?.contentRect
    if (!box || (box.width === width && box.height === height)) return
    ;[width, height] = [box.width, box.height]
    if (chart && width > 0 && height > 0) chart.setSize({ width, height })
    else make()
  }).observe(host)
  shaded.subscribe(() => chart?.redraw())
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

function optionsFor(kind: ScaleKind, isEmpty: () => boolean, width: number, height: number): uPlot.Options {
  const { ink3, line, accent, test: testColour } = palette()
  const axis: uPlot.Axis = {
    stroke: ink3,
    font: chartFont(),
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  }
  return {
    width,
    height,
    padding: [6, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 5 }, drag: { x: false, y: false } },
    hooks: { drawClear: [drawShaded] },
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
      { stroke: accent, alpha: 0.28, width: 1, points: { show: false }, spanGaps: true },
      { stroke: accent, width: 1.6, points: { show: false }, spanGaps: true },
      {
        // Points alone: between two evaluations nothing is known.
        stroke: testColour,
        paths: () => null,
        points: {
          show: () => true,
          size: 4,
          width: 0,
          fill: testColour,
          filter: (self, series) => sparse(self.data[series] ?? [], width / pointSpacing),
        },
      },
    ],
  }
}
