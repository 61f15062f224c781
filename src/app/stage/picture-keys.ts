/** The picture by keyboard: arrows walk through it, Enter opens the card, Escape leaves; what stands there is told aloud. */
import type { Observation } from '../../graph/observation.ts'
import type { Picked, PickedValues, View } from '../../view/types.ts'
import { h, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { begin, walk, type Place, type Way } from './walk.ts'

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
  canvas.setAttribute('aria-label', `${canvas.getAttribute('aria-label')} By keys: arrows walk through it, Enter opens, Escape leaves.`)
  let place: Place | null = null
  /** The network in which `place` is. */
  let walked: Observation['columns'] | null = null

  const leave = () => {
    place = null
    view.highlight(null)
    setText(told, '')
  }
  const go = (next: Place, network: Observation) => {
    place = next
    walked = network.columns
    view.highlight(next)
    void tell(next, network)
  }
  const tell = async (at: Place, network: Observation) => {
    const values = await view.readValues(at)
    if (values && at === place) setText(told, placeWords(at, values, network, names()))
  }

  canvas.addEventListener('keydown', (event) => {
    const network = observation()
    if (!network || event.ctrlKey || event.metaKey || event.altKey) return
    if (network.columns !== walked) place = null
    const way = ways[runsDown(view, network) ? 'upright' : 'lying'][event.key]
    if (way) go(place ? walk(network, place, way) : begin(network), network)
    else if (event.key === 'Enter' && place) select(place)
    else if (event.key === 'Escape' && place) {
      leave()
      select(null)
    } else return
    event.preventDefault()
  })
  canvas.addEventListener('blur', () => place && leave())
}

function runsDown(view: Pick<View, 'extent'>, { columns }: Observation): boolean {
  const [first, last] = [view.extent(0), view.extent(columns.length - 1)]
  return last.top - first.top > Math.abs(last.left - first.left)
}

/** `Dense 1, neuron 5: activation 0.310, gradient −0.00200`; before the first step there is neither. */
export function placeWords(at: Place, values: PickedValues, network: Observation, names: ReadonlyMap<string, string>): string {
  const value = (name: string, number: number | undefined) => (number === undefined ? [] : [`${name} ${format.short(number)}`])
  const computed = network.step > 0
  const list = (parts: string[]) => (parts.length > 0 ? parts.join(', ') : 'no value yet: no step is done')
  if (at.kind === 'neuron' && values.kind === 'neuron') {
    const numbers = computed ? [...value('activation', values.activation), ...value('gradient', values.gradient)] : []
    const { shape } = network.columns[at.column]!
    return `${nodeName(network, at.column, at.index, names)}${shape.length === 3 ? ', middle pixel' : ''}: ${list(numbers)}`
  }
  if (at.kind === 'edge' && values.kind === 'edge') {
    const [node, groups] = [network.blocks[at.block]!.gradient.shape, network.blocks[at.block]!.groups ?? 1]
    const from = Math.floor((at.row * groups) / node[0]!) * node[1]! + at.column
    const what = values.filters ? 'Filter' : 'Weight'
    const numbers = [...value(values.filters ? 'norm' : 'value', values.weight), ...(computed ? value('gradient', values.gradient) : [])]
    return `${what} from ${nodeName(network, at.from, from, names)} to ${nodeName(network, at.to, at.row, names)}: ${list(numbers)}`
  }
  return ''
}

function nodeName({ columns, blocks }: Observation, column: number, index: number, names: ReadonlyMap<string, string>): string {
  const { label, shape } = columns[column]!
  const block = blocks.find(({ to }) => to === column)
  const own = column === 0 ? 'Input' : ((block && names.get(block.path.replace(/\.weight$/, ''))) ?? label)
  const [channels = 1] = shape
  return `${own}, ${shape.length === 3 ? 'channel' : 'neuron'} ${(index % channels) + 1}`
}
