/** What the card tells of a picked edge, neuron, pixel or branch. */
import type { Observation } from '../../graph/observation.ts'
import type { Filters } from '../../inspect/filters.ts'
import type { Training } from '../../model/types.ts'
import type { Trainer } from '../../train/types.ts'
import type { Picked, PickedValues, View } from '../../view/types.ts'
import { message, type Message } from '../../words/say.ts'
import * as format from '../words/format.ts'
import { said, t } from '../words/language.ts'
import { columnWords } from '../words/layer-words.ts'
import { stepWords } from '../words/step-words.ts'

export interface Source {
  view: Pick<View, 'readValues' | 'settings'>
  observation(): Observation | null
  learningRate(): number | null
  training(): Pick<Training, 'optimizer' | 'clipNorm'> | null
  /** Whose gradients can be checked. */
  trainer(): Trainer | null
  /** Names of the inputs and outputs in the data; empty where there are none. */
  names(): { inputs: readonly string[]; outputs: readonly string[] }
}

interface ReadingRow {
  name: string
  value: string
  big?: boolean
}
export interface Reading {
  title: string
  rows: ReadingRow[]
  note: string
  filters?: { of: Filters; selected: { row: number; column?: number } }
}

/** Null when the network has no such thing; undefined when the network is no longer shown. */
export async function read(selection: Picked, observation: Observation, source: Source): Promise<Reading | null | undefined> {
  const values = await source.view.readValues(selection)
  if (!values) return undefined
  if (selection.kind === 'edge' && values.kind === 'edge') return edgeReading(selection, values, observation, source)
  if (selection.kind === 'path' && values.kind === 'path') return pathReading(selection, values, observation)
  if (selection.kind === 'neuron' && values.kind === 'neuron') return neuronReading(selection, values, observation, source)
  return null
}

type Of<Kind extends Picked['kind']> = [picked: Extract<Picked, { kind: Kind }>, values: Extract<PickedValues, { kind: Kind }>]

/** Rows of numbers; before the first step the buffers hold no activation and no gradient. */
function rowsOf({ step }: Observation) {
  const row = (name: string, value: number | undefined, big = false): ReadingRow[] =>
    value === undefined ? [] : [{ name, value: format.exact(value), big }]
  const computed = (name: string, value: number | undefined, big = false): ReadingRow[] =>
    value === undefined ? [] : [{ name, value: format.exact(step > 0 ? value : null), big }]
  return { row, computed }
}

function edgeReading(...[selection, values, observation, source]: [...Of<'edge'>, Observation, Source]): Reading {
  const { row, computed } = rowsOf(observation)
  const { row: to, column, path } = selection
  const { weight, gradient, filters } = values
  const place = { name: t('stage.row.path'), value: `${path}[${to}, ${column}]` }
  if (filters) {
    const block = observation.blocks[selection.block]
    const [rows = 1, width = 1] = block?.weight.shape ?? []
    const from = Math.floor((to * (block?.groups ?? 1)) / rows) * width + column
    const channel = (of: number, number: number) => t('stage.ofChannel', { layer: layerOf(observation, of), channel: number + 1 })
    return {
      title: t('stage.filter', { to: to + 1, from: from + 1 }),
      rows: [
        ...row(t('stage.row.weightNorm'), weight, true),
        ...computed(t('stage.row.weightGradientNorm'), gradient, true),
        { name: t('stage.row.from'), value: channel(selection.from, from) },
        { name: t('stage.row.to'), value: channel(selection.to, to) },
        place,
      ],
      note: observation.step > 0 ? t('stage.filterNote', { height: filters.height, width: filters.width }) : t('stage.noGradient'),
      filters: { of: filters, selected: { row: to, column } },
    }
  }
  const [rate, training] = [source.learningRate(), source.training()]
  return {
    title: t('stage.weight', { to: to + 1, from: column + 1 }),
    rows: [
      ...row(t('stage.row.weight'), weight, true),
      ...computed(t('stage.row.weightGradient'), gradient, true),
      { name: t('stage.row.from'), value: neuronName(source, observation, selection.from, column) },
      { name: t('stage.row.to'), value: neuronName(source, observation, selection.to, to) },
      place,
    ],
    note: observation.step === 0 ? t('stage.noGradient') : rate === null || training === null ? '' : stepWords(training, rate, gradient),
  }
}

function neuronReading(...[selection, values, observation, source]: [...Of<'neuron'>, Observation, Source]): Reading | null {
  const column = observation.columns[selection.column]
  if (!column) return null
  const { row, computed } = rowsOf(observation)
  const [channels = 1, , width = 1] = column.shape
  const isImage = column.shape.length === 3
  const channel = selection.index % channels
  const pixel = Math.floor(selection.index / channels)
  const position = t('stage.position', { row: Math.floor(pixel / width) + 1, column: (pixel % width) + 1 })
  const layer = isImage ? columnWords(column) : neuronName(source, observation, selection.column, selection.index)
  return {
    title: isImage
      ? t('stage.channel', { number: channel + 1, of: format.integer(channels) })
      : t('stage.neuron', { number: selection.index + 1, of: format.integer(column.width) }),
    rows: [
      ...computed(t('stage.row.activation'), values.activation, true),
      ...computed(t('stage.row.activationGradient'), values.gradient, true),
      ...row(t('stage.row.bias'), values.bias),
      ...computed(t('stage.row.biasGradient'), values.biasGradient),
      ...(isImage ? [{ name: t('stage.row.position'), value: position }] : []),
      { name: t('stage.row.layer'), value: layer },
    ],
    note:
      observation.step === 0
        ? t('stage.noGradient')
        : t('stage.sampleNote', { sample: source.view.settings.sample + 1, batch: observation.batch }),
    ...(values.filters && { filters: { of: values.filters, selected: { row: channel } } }),
  }
}

function pathReading(...[selection, values, observation]: [...Of<'path'>, Observation]): Reading | null {
  const container = observation.containers[selection.container]
  if (!container?.branches[selection.branch]) return null
  const { computed } = rowsOf(observation)
  const own = values.norms.find((one) => one.branch === selection.branch)?.norm
  const others = values.norms.filter((one) => one.branch !== selection.branch)
  return {
    title: t('stage.through', { branch: branchName(container, selection.branch) }),
    rows: [
      ...computed(t('stage.row.inputGradientNorm'), own, true),
      ...others.flatMap(({ branch, norm }) => computed(said(branchName(container, branch)), norm)),
      { name: t('stage.row.from'), value: layerOf(observation, container.to) },
      { name: t('stage.row.to'), value: layerOf(observation, container.from) },
    ],
    note: observation.step === 0 ? t('stage.noGradient') : t('stage.branchNote', { path: container.path, rows: values.rows }),
  }
}

function layerOf({ columns }: Pick<Observation, 'columns'>, at: number): string {
  const column = columns[at]
  return column ? columnWords(column) : ''
}

/** `the bypass`, `the layers`, `branch 3`. */
function branchName({ type, branches }: Observation['containers'][number], at: number): Message {
  const branch = branches[at]
  if (branch?.isBypass) return message('stage.theBypass')
  if (type === 'residual') return message(branch?.path.endsWith('.shortcut') ? 'stage.theShortcut' : 'stage.theLayers')
  const isOnly = branches.filter(({ isBypass }) => !isBypass).length === 1
  return isOnly ? message('stage.theLayers') : message('stage.branch', { number: at + 1 })
}

/** `input petal length`, `output setosa`, or without names in the data `dense 8 · tanh, neuron 3`. */
export function neuronName(
  source: Pick<Source, 'names'>,
  observation: Pick<Observation, 'columns'>,
  column: number,
  index: number,
): string {
  const { inputs, outputs } = source.names()
  if (column === 0) return t('stage.inputName', { name: inputs[index] ?? String(index + 1) })
  const name = column === observation.columns.length - 1 ? outputs[index] : undefined
  if (name !== undefined) return t('stage.outputName', { name })
  return t('stage.neuronOf', { layer: layerOf(observation, column), number: index + 1 })
}
