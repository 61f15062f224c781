/** What is to be read of a picked edge, neuron, pixel or branch, in a reader's words. */
import type { Observation } from '../../graph/observation.ts'
import type { Filters } from '../../inspect/filters.ts'
import type { Training } from '../../model/types.ts'
import type { Picked, PickedValues, View } from '../../view/types.ts'
import * as format from '../words/format.ts'
import { stepWords } from '../words/step-words.ts'

export interface Source {
  view: Pick<View, 'readValues' | 'settings'>
  observation(): Observation | null
  learningRate(): number | null
  training(): Pick<Training, 'optimizer' | 'clipNorm'> | null
  /** The data's own names of the network's inputs and outputs, where they have some. */
  names(): { inputs: readonly string[]; outputs: readonly string[] }
}

export interface Row {
  name: string
  value: string
  big?: boolean
}
export interface Reading {
  title: string
  rows: Row[]
  note: string
  filters?: { of: Filters; selected: { row: number; column?: number } }
}

const noGradient = 'No gradient yet: no step is done.'

/** Null where the network has no such thing; undefined where it is not shown any more. */
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
  const row = (name: string, value: number | undefined, big = false): Row[] =>
    value === undefined ? [] : [{ name, value: format.exact(value), big }]
  const computed = (name: string, value: number | undefined, big = false): Row[] =>
    value === undefined ? [] : [{ name, value: format.exact(step > 0 ? value : null), big }]
  return { row, computed }
}

function edgeReading(...[selection, values, observation, source]: [...Of<'edge'>, Observation, Source]): Reading {
  const { row, computed } = rowsOf(observation)
  const { row: to, column, path } = selection
  const { weight, gradient, filters } = values
  if (filters) {
    const { groups = 1, weight: tensor } = observation.blocks[selection.block]!
    const from = Math.floor((to * groups) / tensor.shape[0]!) * tensor.shape[1]! + column
    return {
      title: `Filter ${to + 1} ← ${from + 1}`,
      rows: [
        ...row('‖weight‖', weight, true),
        ...computed('‖∂L/∂weight‖', gradient, true),
        { name: 'from', value: `${observation.columns[selection.from]?.label ?? ''} · channel ${from + 1}` },
        { name: 'to', value: `${observation.columns[selection.to]?.label ?? ''} · channel ${to + 1}` },
        { name: 'path', value: `${path}[${to}, ${column}]` },
      ],
      note: observation.step > 0 ? `Norms over the ${filters.height} × ${filters.width} taps.` : noGradient,
      filters: { of: filters, selected: { row: to, column } },
    }
  }
  const [rate, training] = [source.learningRate(), source.training()]
  return {
    title: `Weight ${to + 1} ← ${column + 1}`,
    rows: [
      ...row('weight', weight, true),
      ...computed('∂L/∂weight', gradient, true),
      { name: 'from', value: neuronName(source, observation, selection.from, column) },
      { name: 'to', value: neuronName(source, observation, selection.to, to) },
      { name: 'path', value: `${path}[${to}, ${column}]` },
    ],
    note: observation.step === 0 ? noGradient : rate === null || training === null ? '' : stepWords(training, rate, gradient),
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
  const place: Row[] = isImage
    ? [
        { name: 'position', value: `row ${Math.floor(pixel / width) + 1}, column ${(pixel % width) + 1}` },
        { name: 'layer', value: column.label },
      ]
    : [{ name: 'layer', value: neuronName(source, observation, selection.column, selection.index) }]
  return {
    title: isImage
      ? `Channel ${channel + 1} of ${format.integer(channels)}`
      : `Neuron ${selection.index + 1} of ${format.integer(column.width)}`,
    rows: [
      ...computed('activation', values.activation, true),
      ...computed('∂L/∂activation', values.gradient, true),
      ...row('bias', values.bias),
      ...computed('∂L/∂bias', values.biasGradient),
      ...place,
    ],
    note: observation.step === 0 ? noGradient : `Sample ${source.view.settings.sample + 1} of ${observation.batch} of the batch.`,
    ...(values.filters && { filters: { of: values.filters, selected: { row: channel } } }),
  }
}

function pathReading(...[selection, values, observation]: [...Of<'path'>, Observation]): Reading | null {
  const container = observation.containers[selection.container]
  const branch = container?.branches[selection.branch]
  if (!container || !branch) return null
  const { computed } = rowsOf(observation)
  const own = values.norms.find((one) => one.branch === selection.branch)?.norm
  const others = values.norms.filter((one) => one.branch !== selection.branch)
  const nameOf = (at: number) => branchName(container, at)
  return {
    title: `Gradient through ${nameOf(selection.branch)}`,
    rows: [
      ...computed('‖∂L/∂input‖', own, true),
      ...others.flatMap(({ branch: at, norm }) => computed(nameOf(at), norm)),
      { name: 'from', value: observation.columns[container.to]?.label ?? '' },
      { name: 'to', value: observation.columns[container.from]?.label ?? '' },
    ],
    note:
      observation.step === 0
        ? noGradient
        : `What of the gradient arrives at the input of ${container.path} through this branch, over ${values.rows} of the batch's rows.`,
  }
}

/** `the bypass`, `the layers`, `branch 3`. */
export function branchName({ type, branches }: Pick<Observation['containers'][number], 'type' | 'branches'>, at: number): string {
  const { isBypass, path } = branches[at]!
  if (isBypass) return 'the bypass'
  if (type === 'residual') return path.endsWith('.shortcut') ? 'the shortcut' : 'the layers'
  return branches.filter((branch) => !branch.isBypass).length === 1 ? 'the layers' : `branch ${at + 1}`
}

/** `input petal length`, `output setosa`, or without names of the data's own `dense 8 · tanh, neuron 3`. */
export function neuronName(
  source: Pick<Source, 'names'>,
  { columns }: Pick<Observation, 'columns'>,
  column: number,
  index: number,
): string {
  const { inputs, outputs } = source.names()
  if (column === 0) return `input ${inputs[index] ?? index + 1}`
  const output = column === columns.length - 1 ? outputs[index] : undefined
  return output === undefined ? `${columns[column]?.label ?? ''}, neuron ${index + 1}` : `output ${output}`
}
