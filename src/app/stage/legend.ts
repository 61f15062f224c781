/** What the picture's colours mean, in numbers, and the choices of how it is coloured. */
import type { NonFinite } from '../../inspect/layer-statistics.ts'
import { byId, h, replace, segmented, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import type { Arrival, PathRow } from './legend-rows.ts'
import { nonFiniteText } from '../words/non-finite.ts'
import { shareTraining } from '../pacing/frame-budget.ts'
import { icon } from '../ui/icons.ts'
import { cssGradient, neuronColourOf, neuronGradientColourOf, nonFiniteColour, zeroColour, type ColourMap } from '../../view/colour.ts'
import type { ColourRange, ViewSettings } from '../../view/types.ts'

export type LegendRow = Omit<ColourRange, 'path'> & { name: string }
export interface Legend {
  /** Ranges of the layers, or the one of all together; `isComputed`: whether a step has computed what is coloured. */
  update(rows: { edges: readonly LegendRow[]; neurons: readonly LegendRow[]; paths: readonly PathRow[] }, isComputed: boolean): void
  /** Samples in the batch that the neurons can show. */
  setBatch(count: number): void
  readonly settings: Pick<ViewSettings, 'scale' | 'map' | 'neurons' | 'sample'>
}

const css = (colour: readonly number[]): string => `rgb(${colour.join(' ')})`
const neuronRamps = {
  activation: Array.from({ length: 9 }, (_, i) => neuronColourOf(i / 4 - 1, 1)),
  // A decade on either side shows how a logarithmic scale runs: from the weakest outwards.
  gradient: [-10, -Math.sqrt(10), -1, 1, Math.sqrt(10), 10].map((value) => neuronGradientColourOf(value, 1, 10)),
}
const rampOf = (neurons: ViewSettings['neurons']): string => `linear-gradient(90deg, ${neuronRamps[neurons].map(css).join(', ')})`

export function legend(onChange: (settings: Partial<ViewSettings>) => void, onDrawingShare: (share: number) => void): Legend {
  const settings: Legend['settings'] = { scale: 'layer', map: 'inferno', neurons: 'activation', sample: 0 }
  const set = (change: Partial<Legend['settings']>) => {
    Object.assign(settings, change)
    if (change.map) ramp.style.background = cssGradient(change.map)
    if (change.neurons) neuronRamp.style.background = rampOf(change.neurons)
    onChange(change)
  }
  const ramp = h('div', { class: 'ramp', style: `background: ${cssGradient(settings.map)}` })
  const neuronRamp = h('div', { class: 'ramp', style: `background: ${rampOf(settings.neurons)}; margin-top: 8px` })
  const edgeRows = rowTable('Gradient magnitudes from dark to bright')
  const neuronRows = rowTable('Magnitudes of the neurons’ values')
  const pathTable = rowTable('Gradient that arrives through bypass and layers', ['bypass', 'layers'])
  const paths = h(
    'div',
    { class: 'legend-paths', hidden: true, title: '‖∂L/∂input‖ of each block, through its bypass and through its layers' },
    h('p', { class: 'subhead' }, 'Gradient into blocks through'),
    pathTable.element,
  )
  const zeroText = h('span', {}, 'exactly zero')
  const scale = segmented(
    'Colour scale',
    [
      { value: 'layer', text: 'per layer', title: 'Each layer from its own 5th to its 99.5th percentile' },
      { value: 'global', text: 'global', title: 'One scale for all layers, so that they can be compared' },
    ] as const,
    settings.scale,
    (value) => set({ scale: value }),
  )
  const map = segmented<ColourMap>(
    'Colour map',
    [
      { value: 'inferno', text: 'inferno' },
      { value: 'cividis', text: 'cividis' },
    ],
    settings.map,
    (value) => set({ map: value }),
  )
  const neurons = segmented(
    'Neurons show',
    [
      { value: 'activation', text: 'activation' },
      { value: 'gradient', text: '∂L/∂activation' },
    ] as const,
    settings.neurons,
    (value) => set({ neurons: value }),
  )
  const sampleText = h('output')
  const sample = h('input', {
    type: 'range',
    min: 0,
    max: 0,
    value: 0,
    'aria-label': 'Sample of the batch that the neurons show',
    oninput: () => {
      showSample()
      set({ sample: Number(sample.value) })
    },
  })
  const showSample = () => {
    const last = Number(sample.max)
    setText(sampleText, `${Number(sample.value) + 1} of ${last + 1}`)
    sample.style.setProperty('--filled', `${last > 0 ? (100 * Number(sample.value)) / last : 0}%`)
  }
  const share = segmented(
    'Share of the time that drawing may take while training',
    [10, 30, 50].map((percent) => ({
      value: String(percent / 100),
      text: `${percent} %`,
      title: `While a run trains, drawing takes at most ${percent} % of the time: frame rate and sharpness adapt`,
    })),
    String(shareTraining),
    (value) => onDrawingShare(Number(value)),
  )
  const more = h(
    'div',
    { id: 'legend-more', hidden: true },
    h(
      'div',
      { class: 'legend-keys' },
      h('span', {}, h('i', { style: `background: ${css(zeroColour)}` }), zeroText),
      h('span', {}, h('i', { style: `background: ${css(nonFiniteColour)}` }), 'NaN or infinite'),
    ),
    h('div', { class: 'legend-choices' }, map.element),
    h('p', { class: 'subhead', style: 'margin: 9px 0 5px' }, 'Neurons show'),
    h('div', { class: 'legend-choices', style: 'margin: 0' }, neurons.element),
    neuronRamp,
    h('div', { class: 'ramp-ends' }, h('span', {}, 'negative'), h('span', {}, 'positive')),
    neuronRows.element,
    h('div', { class: 'sample-row' }, 'sample', sample, sampleText),
    h('p', { class: 'subhead', style: 'margin: 9px 0 5px' }, 'Drawing takes, while training, up to'),
    h('div', { class: 'legend-choices', style: 'margin: 0' }, share.element),
  )
  const opener = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'More about the colours',
      'aria-controls': 'legend-more',
      'aria-expanded': 'false',
      style: 'width: 24px; height: 24px',
      onclick: () => {
        more.hidden = !more.hidden
        opener.setAttribute('aria-expanded', String(!more.hidden))
      },
    },
    icon('right'),
  )
  const panel = h(
    'div',
    { class: 'glass legend', role: 'group', 'aria-label': 'Colours' },
    h('div', { class: 'legend-title', title: 'Of a filter, the norm over its taps' }, 'Edges: |∂L/∂weight|', opener),
    h('div', { class: 'ramp-row' }, ramp),
    edgeRows.element,
    paths,
    h('div', { class: 'legend-choices' }, scale.element),
    more,
  )
  byId('legend').append(panel)
  showSample()

  return {
    settings,
    update({ edges, neurons: values, paths: through }, isComputed) {
      paths.hidden = through.length === 0
      const norm = (value: Arrival | null) => (value === null ? '' : isComputed ? format.short(value.norm) : '–')
      const odd = (value: (NonFinite & { count: number }) | null) => (value && isComputed ? nonFiniteText(value, value.count) : '')
      pathTable.update(through, ({ bypass, layers }) => [
        norm(bypass),
        norm(layers),
        namedOdd({ bypass: odd(bypass), layers: odd(layers) }),
      ])
      setText(zeroText, isComputed ? 'exactly zero' : 'no gradient yet')
      // Where nothing can be measured the counts stand in the numbers' place.
      const numbers = (range: LegendRow): Numbers =>
        !isComputed
          ? ['–', '–', '']
          : range.hi > 0
            ? [format.short(range.lo), format.short(range.hi), odd(range)]
            : odd(range)
              ? ['', '', odd(range)]
              : ['0', '0', '']
      edgeRows.update(edges, numbers)
      const isLinear = settings.neurons === 'activation'
      neuronRows.update(
        // The input has no gradient.
        isLinear || settings.scale === 'global' ? values : values.slice(1),
        (range) =>
          isLinear && isComputed && (range.hi > 0 || !odd(range)) ? ['', `±${format.short(range.hi)}`, odd(range)] : numbers(range),
      )
    },
    setBatch(count) {
      const last = Math.max(0, count - 1)
      sample.max = String(last)
      if (settings.sample > last) set({ sample: last })
      showSample()
    },
  }
}

/** The two ends of a row's colours; and how much of it is NaN or infinite, in their place where both are empty. */
type Numbers = [lo: string, hi: string, odd: string]

const namedOdd = (parts: Record<string, string>): string =>
  Object.entries(parts)
    .filter(([, text]) => text)
    .map(([name, text]) => `${name}: ${text}`)
    .join('; ')

/** A row a layer: its name, and its numbers. */
function rowTable(label: string, heads: [string, string] = ['dark', 'bright']) {
  const element = h('div', { class: 'legend-rows', role: 'table', 'aria-label': label, hidden: true })
  let shown = ''
  let cells: { lo: HTMLElement; hi: HTMLElement; odd: HTMLElement }[] = []
  return {
    element,
    update<Row extends { name: string }>(rows: readonly Row[], numbers: (row: Row) => Numbers) {
      element.hidden = rows.length === 0
      const names = rows.map((row) => row.name).join('\n')
      if (names !== shown) {
        shown = names
        cells = rows.map(() => ({
          lo: h('span', { class: 'lo', role: 'cell' }),
          hi: h('span', { class: 'hi', role: 'cell' }),
          odd: h('span', { class: 'odd', role: 'cell', hidden: true }),
        }))
        const cell = (name: string, text: string, role = 'columnheader') => h('span', { class: name, role }, text)
        replace(
          element,
          h('div', { role: 'row' }, cell('name', '', 'cell'), cell('lo head', heads[0]), cell('hi head', heads[1])),
          ...rows.map(({ name }, i) => {
            const { lo, hi, odd } = cells[i]!
            return h('div', { role: 'row' }, h('span', { class: 'name', role: 'rowheader', title: name }, name), lo, hi, odd)
          }),
        )
        // What scrolls can be scrolled by keys.
        if (element.scrollHeight > element.clientHeight) element.tabIndex = 0
        else element.removeAttribute('tabindex')
      }
      rows.forEach((row, i) => {
        const [lo, hi, odd] = numbers(row)
        const own = cells[i]!
        setText(own.lo, lo)
        setText(own.hi, hi)
        setText(own.odd, odd)
        own.odd.hidden = !odd
        const inPlace = odd !== '' && lo === '' && hi === ''
        own.lo.hidden = own.hi.hidden = inPlace
        own.odd.toggleAttribute('data-in-place', inPlace)
      })
    },
  }
}
