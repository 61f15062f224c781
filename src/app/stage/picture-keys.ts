/** The picture by keyboard: arrows walk through it, Enter opens the card, Escape leaves; each position is told to screen readers. */
import type { Observation } from '../../graph/observation.ts'
import type { Picked, PickedValues, View } from '../../view/types.ts'
import { h, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { language, t } from '../words/language.ts'
import { columnWords } from '../words/layer-words.ts'
import { message, type Message } from '../../words/say.ts'
import { begin, walk, type Position, type Way } from './walk.ts'

export interface Walked {
  view: Pick<View, 'highlight' | 'readValues' | 'extent'>
  observation(): Observation | null
  /** Layers' names by path. */
  names(): ReadonlyMap<string, string>
  select(picked: Picked | null): void
}

/** A network that runs to the right, and one that runs downwards. */
const ways: Record<'lying' | 'upright', Record<string, Way>> = {
  lying: { ArrowRight: 'on', ArrowLeft: 'back', ArrowDown: 'next', ArrowUp: 'previous', Home: 'first', End: 'last' },
  upright: { ArrowDown: 'on', ArrowUp: 'back', ArrowRight: 'next', ArrowLeft: 'previous', Home: 'first', End: 'last' },
}

export function pictureKeys(canvas: HTMLCanvasElement, { view, observation, names, select }: Walked): void {
  const told = h('div', { class: 'told', 'aria-live': 'polite', role: 'status' })
  canvas.after(told)
  // Without the role a screen reader keeps the arrow keys for itself.
  canvas.setAttribute('role', 'application')
  let position: Position | null = null
  /** The network in which it is. */
  let walked: Observation['columns'] | null = null

  const leave = () => {
    position = null
    view.highlight(null)
    setText(told, '')
  }
  const go = (next: Position, network: Observation) => {
    position = next
    walked = network.columns
    view.highlight(next)
    void tell(next, network)
  }
  const tell = async (at: Position, network: Observation) => {
    const values = await view.readValues(at)
    if (values && at === position) setText(told, positionWords(at, values, network, names()))
  }

  language.subscribe(() => {
    const network = observation()
    if (position && network && network.columns === walked) void tell(position, network)
  })
  canvas.addEventListener('keydown', (event) => {
    const network = observation()
    if (!network || event.ctrlKey || event.metaKey || event.altKey) return
    if (network.columns !== walked) position = null
    const way = ways[runsDown(view, network) ? 'upright' : 'lying'][event.key]
    if (way) go(position ? walk(network, position, way) : begin(network), network)
    else if (event.key === 'Enter' && position) select(position)
    else if (event.key === 'Escape' && position) {
      leave()
      select(null)
    } else return
    event.preventDefault()
  })
  canvas.addEventListener('blur', () => position && leave())
}

function runsDown(view: Pick<View, 'extent'>, { columns }: Observation): boolean {
  const [first, last] = [view.extent(0), view.extent(columns.length - 1)]
  return last.top - first.top > Math.abs(last.left - first.left)
}

/** `Dense 1, neuron 5: activation 0.310, gradient −0.00200`; before the first step there is neither. */
export function positionWords(at: Position, values: PickedValues, network: Observation, names: ReadonlyMap<string, string>): string {
  const isComputed = network.step > 0
  const list = (numbers: Message[]) => (numbers.length > 0 ? numbers : [message('stage.told.nothing')])
  const gradient = isComputed && values.kind !== 'path' ? told('stage.told.gradient', values.gradient) : []
  if (at.kind === 'neuron' && values.kind === 'neuron') {
    const node = nodeName(network, at.column, at.index, names)
    const numbers = isComputed ? [...told('stage.told.activation', values.activation), ...gradient] : []
    const isImage = network.columns[at.column]?.shape.length === 3
    return t('stage.told.values', { node: isImage ? message('stage.told.middle', { node }) : node, numbers: list(numbers) })
  }
  if (at.kind === 'edge' && values.kind === 'edge') {
    const block = network.blocks[at.block]
    const [rows = 1, width = 1] = block?.gradient.shape ?? []
    const from = Math.floor((at.row * (block?.groups ?? 1)) / rows) * width + at.column
    const numbers = list([...told(values.filters ? 'stage.told.norm' : 'stage.told.value', values.weight), ...gradient])
    const ends = { from: nodeName(network, at.from, from, names), to: nodeName(network, at.to, at.row, names) }
    return t(values.filters ? 'stage.told.filter' : 'stage.told.weight', { ...ends, numbers })
  }
  return ''
}

type ValueCode = 'stage.told.activation' | 'stage.told.gradient' | 'stage.told.value' | 'stage.told.norm'
const told = (code: ValueCode, value: number | undefined): Message[] =>
  value === undefined ? [] : [message(code, { value: format.short(value) })]

function nodeName({ columns, blocks }: Observation, at: number, index: number, names: ReadonlyMap<string, string>): Message {
  const column = columns[at]
  const block = blocks.find(({ to }) => to === at)
  const named = block && names.get(block.path.replace(/\.weight$/, ''))
  const layer = at === 0 ? message('stage.told.input') : (named ?? (column ? columnWords(column) : ''))
  const [channels = 1] = column?.shape ?? []
  return message(column?.shape.length === 3 ? 'stage.told.channel' : 'stage.told.neuron', { layer, number: (index % channels) + 1 })
}
