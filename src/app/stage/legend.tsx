/** The legend: what the picture's colours mean, in numbers, and the parameters of the picture. */
import { computed, signal, type ReadonlySignal } from '@preact/signals'
import { render } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { NonFinite } from '../../inspect/layer-statistics.ts'
import { cssGradient, neuronColourOf, neuronGradientColourOf, nonFiniteColour, zeroColour } from '../../view/colour.ts'
import type { ColourRange } from '../../view/types.ts'
import { display, type Display } from '../run/display.ts'
import type { State } from '../run/state.ts'
import type { Store } from '../run/store.ts'
import { byId } from '../ui/dom.ts'
import { Icon } from '../ui/elements.tsx'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import { nonFiniteText } from '../words/non-finite.ts'
import type { Arrival, PathRow } from './legend-rows.ts'
import { RowTable, type TableRow } from './row-table.tsx'
import { viewParameters } from './view-parameters.ts'

export type LegendRow = Omit<ColourRange, 'path'> & { name: string }
interface LegendRows {
  edges: readonly LegendRow[]
  neurons: readonly LegendRow[]
  paths: readonly PathRow[]
}
export interface Legend {
  /** Ranges of the layers, or the one of all together, in the language at hand; `isComputed`: whether a step has computed what is coloured. */
  update(rows: () => LegendRows, isComputed: boolean): void
  /** Samples in the batch that the neurons can show. */
  setBatch(count: number): void
}

interface Measured extends LegendRows {
  isComputed: boolean
}

/** `edges`: the edges drawn between two layers unless a person says otherwise. */
export function legend(state: Store<State>, edges: number): Legend {
  const shown = computed(() => state.signal.value.display)
  const told = signal<{ rows: () => LegendRows; isComputed: boolean }>({
    rows: () => ({ edges: [], neurons: [], paths: [] }),
    isComputed: false,
  })
  const measured = computed((): Measured => ({ ...told.value.rows(), isComputed: told.value.isComputed }))
  const batch = signal(1)
  const change = (changed: Partial<Display>) => display(state, changed)
  render(<LegendPanel shown={shown} change={change} measured={measured} batch={batch} edges={edges} />, byId('legend'))
  return {
    update: (rows, isComputed) => void (told.value = { rows, isComputed }),
    setBatch(count) {
      batch.value = count
      if (shown.peek().sample >= count) change({ sample: count - 1 })
    },
  }
}

interface PanelOptions {
  shown: ReadonlySignal<Display>
  change(changed: Partial<Display>): void
  measured: ReadonlySignal<Measured>
  batch: ReadonlySignal<number>
  edges: number
}

function LegendPanel(options: PanelOptions) {
  const { shown, change, measured } = options
  const { legend: isOpen, map } = shown.value
  const { edges, paths, isComputed } = measured.value
  return (
    <div class="glass legend" role="group" aria-label={t('stage.colours')}>
      <div class="legend-title" title={t('stage.edgesTitle')}>
        {t('stage.edges')}
        <button
          type="button"
          class="icon-button"
          aria-label={t('stage.more')}
          aria-controls="legend-more"
          aria-expanded={isOpen}
          style="width: 24px; height: 24px"
          onClick={() => change({ legend: !isOpen })}
        >
          <Icon name="right" />
        </button>
      </div>
      <div class="ramp-row">
        <div class="ramp" style={{ background: cssGradient(map) }} />
      </div>
      <RowTable
        label={t('stage.edgeRows')}
        heads={[t('stage.dark'), t('stage.bright')]}
        rows={edges.map((range) => ({ name: range.name, ...numbersOf(range, isComputed) }))}
        isShown
      />
      <div class="legend-paths" hidden={paths.length === 0} title={t('stage.pathsTitle')}>
        <p class="subhead">{t('stage.paths')}</p>
        <RowTable
          label={t('stage.pathRows')}
          heads={[t('stage.bypass'), t('stage.layers')]}
          rows={paths.map((row) => pathNumbers(row, isComputed))}
          isShown={paths.length > 0}
        />
      </div>
      <div id="legend-more" hidden={!isOpen}>
        <div class="legend-keys">
          <span>
            <i style={{ background: css(zeroColour) }} />
            {isComputed ? t('stage.exactlyZero') : t('stage.noGradientYet')}
          </span>
          <span>
            <i style={{ background: css(nonFiniteColour) }} />
            {t('stage.nonFinite')}
          </span>
        </div>
        <NeuronColours shown={shown} measured={measured} />
        <ParameterRows {...options} />
      </div>
    </div>
  )
}

function NeuronColours({ shown, measured }: Pick<PanelOptions, 'shown' | 'measured'>) {
  const { neurons: kind, scale, legend: isShown } = shown.value
  const { neurons, isComputed } = measured.value
  const isLinear = kind === 'activation'
  // The input has no gradient.
  const ranges = isLinear || scale === 'global' ? neurons : neurons.slice(1)
  return (
    <>
      <p class="subhead">{t('stage.neurons')}</p>
      <div class="ramp" style={{ background: ramps[kind], marginTop: '8px' }} />
      <div class="ramp-ends">
        <span>{t('stage.negative')}</span>
        <span>{t('stage.positive')}</span>
      </div>
      <RowTable
        label={t('stage.neuronRows')}
        heads={[t('stage.dark'), t('stage.bright')]}
        rows={ranges.map((range) => ({ name: range.name, ...(isLinear ? linearNumbers : numbersOf)(range, isComputed) }))}
        isShown={isShown}
      />
    </>
  )
}

function ParameterRows({ shown, change, batch, edges }: PanelOptions) {
  const host = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (host.current) viewParameters(host.current, { shown, change, batch, edges })
  }, [])
  return <div ref={host} class="legend-parameters" />
}

const css = (colour: readonly number[]): string => `rgb(${colour.join(' ')})`
const rampOf = (colours: readonly (readonly number[])[]): string => `linear-gradient(90deg, ${colours.map(css).join(', ')})`
const ramps = {
  activation: rampOf(Array.from({ length: 9 }, (_, i) => neuronColourOf(i / 4 - 1, 1))),
  // A decade on either side shows how a logarithmic scale runs: from the weakest outwards.
  gradient: rampOf([-10, -Math.sqrt(10), -1, 1, Math.sqrt(10), 10].map((value) => neuronGradientColourOf(value, 1, 10))),
}

type Numbers = Omit<TableRow, 'name'>

const oddOf = (value: (NonFinite & { count: number }) | null, isComputed: boolean): string =>
  value && isComputed ? nonFiniteText(value, value.count) : ''

/** The two ends of the colours, and how much is NaN or infinite; alone where nothing else is measured. */
function numbersOf(range: LegendRow, isComputed: boolean): Numbers {
  if (!isComputed) return { lo: '–', hi: '–', odd: '' }
  const odd = oddOf(range, isComputed)
  if (range.hi > 0) return { lo: format.short(range.lo), hi: format.short(range.hi), odd }
  return odd ? { lo: '', hi: '', odd } : { lo: '0', hi: '0', odd }
}

/** Colours of activations run evenly between −hi and hi. */
function linearNumbers(range: LegendRow, isComputed: boolean): Numbers {
  const numbers = numbersOf(range, isComputed)
  if (!isComputed || (range.hi === 0 && numbers.odd)) return numbers
  return { ...numbers, lo: '', hi: `±${format.short(range.hi)}` }
}

function pathNumbers({ name, bypass, layers }: PathRow, isComputed: boolean): TableRow {
  const norm = (value: Arrival | null) => (value === null ? '' : isComputed ? format.short(value.norm) : '–')
  const parts = [
    { part: t('stage.bypass'), odd: oddOf(bypass, isComputed) },
    { part: t('stage.layers'), odd: oddOf(layers, isComputed) },
  ]
  const odd = parts.filter((one) => one.odd).map((one) => t('stage.oddPart', one))
  return { name, lo: norm(bypass), hi: norm(layers), odd: t('stage.oddParts', { parts: odd }) }
}
