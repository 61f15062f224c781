/** What the picture's colours mean, in numbers, and the choices of how it is coloured. */
import { byId, h, replace, segmented, setText } from './dom.ts'
import * as format from './format.ts'
import { icon } from './icons.ts'
import { cssGradient, neuronColourOf, nonFiniteColour, zeroColour, type ColourMap } from '../view/colour.ts'
import type { ViewSettings } from '../view/types.ts'

export interface LegendRow {
  name: string
  lo: number
  hi: number
}
export interface Legend {
  /** Ranges of the layers, or the one of all together. */
  update(rows: readonly LegendRow[]): void
  /** Samples in the batch that the neurons can show. */
  setBatch(count: number): void
  readonly settings: Pick<ViewSettings, 'scale' | 'map' | 'neurons' | 'sample'>
}

const css = (colour: readonly number[]): string => `rgb(${colour.join(' ')})`
const neuronGradient = `linear-gradient(90deg, ${[-1, -0.5, 0, 0.5, 1].map((value) => css(neuronColourOf(value, 1))).join(', ')})`

export function legend(onChange: (settings: Partial<ViewSettings>) => void): Legend {
  const settings: Legend['settings'] = { scale: 'layer', map: 'inferno', neurons: 'activation', sample: 0 }
  const set = (change: Partial<Legend['settings']>) => {
    Object.assign(settings, change)
    if (change.map) ramp.style.background = cssGradient(change.map)
    onChange(change)
  }
  const ramp = h('div', { class: 'ramp', style: `background: ${cssGradient(settings.map)}` })
  const rows = h('div', { class: 'legend-rows', role: 'table', 'aria-label': 'Gradient magnitudes from dark to bright' })
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
  const more = h(
    'div',
    { id: 'legend-more', hidden: true },
    h(
      'div',
      { class: 'legend-keys' },
      h('span', {}, h('i', { style: `background: ${css(zeroColour)}` }), 'exactly zero'),
      h('span', {}, h('i', { style: `background: ${css(nonFiniteColour)}` }), 'not finite'),
    ),
    h('div', { class: 'legend-choices' }, map.element),
    h('p', { class: 'subhead', style: 'margin: 9px 0 5px' }, 'Neurons show'),
    h('div', { class: 'legend-choices', style: 'margin: 0' }, neurons.element),
    h('div', { class: 'ramp', style: `background: ${neuronGradient}; margin-top: 8px` }),
    h('div', { class: 'ramp-ends' }, h('span', {}, 'negative'), h('span', {}, '0'), h('span', {}, 'positive')),
    h('div', { class: 'sample-row' }, 'sample', sample, sampleText),
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
    h('div', { class: 'legend-title' }, 'Edges: |∂L/∂weight|', opener),
    h('div', { class: 'ramp-row' }, ramp),
    rows,
    h('div', { class: 'legend-choices' }, scale.element),
    more,
  )
  byId('legend').append(panel)
  showSample()

  let shown = ''
  let cells: { lo: HTMLElement; hi: HTMLElement }[] = []
  return {
    settings,
    update(next) {
      const names = next.map((row) => row.name).join('\n')
      if (names !== shown) {
        shown = names
        cells = next.map(() => ({ lo: h('span', { class: 'lo' }), hi: h('span', { class: 'hi' }) }))
        replace(rows, ...next.flatMap((row, i) => [h('span', { class: 'name', title: row.name }, row.name), cells[i]!.lo, cells[i]!.hi]))
      }
      next.forEach((row, i) => {
        setText(cells[i]!.lo, row.hi > 0 ? format.tick(row.lo) : '0')
        setText(cells[i]!.hi, row.hi > 0 ? format.tick(row.hi) : '0')
      })
    },
    setBatch(count) {
      sample.max = String(Math.max(0, count - 1))
      showSample()
    },
  }
}
