/** The card of a clicked edge or neuron, and the hint under the pointer: their numbers, read from the GPU a few bytes at a time. */
import type { Observation } from '../graph/observation.ts'
import type { Picked, View } from '../view/types.ts'
import { byId, h, replace, setText } from './dom.ts'
import * as format from './format.ts'
import { icon } from './icons.ts'

export interface InspectorCard {
  select(selection: Picked | null): void
  hover(selection: Picked | null): void
  /** Reads the numbers again. */
  update(): Promise<void>
  /** Another network is shown: keeps what is selected where it has the same. */
  adopt(observation: Observation): void
}

interface Source {
  view: Pick<View, 'readValues' | 'settings'>
  observation(): Observation | null
  learningRate(): number | null
  /** The data's own names of the network's inputs and outputs, where they have some. */
  names(): { inputs: readonly string[]; outputs: readonly string[] }
}

interface Reading {
  title: string
  rows: { name: string; value: string; big?: boolean }[]
  note: string
}

export function inspectorCard(source: Source): InspectorCard {
  const host = byId('inspector')
  const title = h('span')
  const close = h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => select(null) }, icon('close'))
  const values = h('dl')
  const note = h('p', { class: 'formula' })
  const panel = h(
    'section',
    { class: 'glass inspector', hidden: true, 'aria-label': 'Selected' },
    h('header', {}, title, close),
    values,
    note,
  )
  host.append(panel)
  const tip = h('div', { id: 'tip', class: 'glass', hidden: true })
  document.body.append(tip)
  addEventListener('pointermove', (event) => {
    const flip = event.clientX > innerWidth - 240
    tip.style.left = `${event.clientX + (flip ? -14 : 14)}px`
    tip.style.top = `${event.clientY + 16}px`
    tip.style.transform = flip ? 'translateX(-100%)' : ''
  })

  let selected: Picked | null = null
  let hovered: Picked | null = null
  function select(selection: Picked | null) {
    selected = selection
    panel.hidden = selection === null
    if (selection) void update()
    void showTip()
  }
  async function update() {
    const now = selected
    const observation = source.observation()
    if (!now || !observation) return
    const reading = await read(now, observation, source)
    if (now !== selected) return
    if (!reading) return select(null)
    setText(title, reading.title)
    setText(note, reading.note)
    const names = reading.rows.map((row) => row.name).join()
    if (values.dataset['names'] !== names) {
      values.dataset['names'] = names
      replace(values, ...reading.rows.flatMap((row) => [h('dt', {}, row.name), h('dd', { class: row.big ? 'big' : '' })]))
    }
    const cells = values.querySelectorAll('dd')
    reading.rows.forEach((row, i) => cells[i] && setText(cells[i], row.value))
  }

  async function showTip() {
    const now = hovered
    const observation = source.observation()
    if (!now || !observation || same(now, selected)) {
      tip.hidden = true
      return
    }
    const reading = await read(now, observation, source)
    if (now !== hovered || same(now, selected) || !reading) return
    const numbers = reading.rows.filter((row) => row.big).map((row) => `${row.name} ${row.value}`)
    setText(tip, [reading.title, ...numbers].join('  ·  '))
    tip.hidden = false
  }

  return {
    select,
    async update() {
      await Promise.all([update(), showTip()])
    },
    hover(selection) {
      hovered = selection
      void showTip()
    },
    adopt(observation) {
      hovered = null
      if (selected && !isIn(selected, observation)) select(null)
      else void showTip()
    },
  }
}

/** Whether a network has this edge or neuron. */
export function isIn(picked: Picked, { blocks, columns }: Observation): boolean {
  if (picked.kind === 'neuron') {
    const column = columns[picked.column]
    return column?.path === picked.path && picked.index < column.width
  }
  const block = blocks[picked.block]
  const [rows = 0, width = 0] = block?.gradient.shape ?? []
  return block?.path === picked.path && block.from === picked.from && block.to === picked.to && picked.row < rows && picked.column < width
}

const same = (a: Picked, b: Picked | null): boolean => JSON.stringify(a) === JSON.stringify(b)

/** `input 4 #3 (petal length)` */
function neuronName(source: Source, { columns }: Observation, column: number, index: number): string {
  const { inputs, outputs } = source.names()
  const own = column === 0 ? inputs[index] : column === columns.length - 1 ? outputs[index] : undefined
  return `${columns[column]?.label ?? ''} #${index + 1}${own === undefined ? '' : ` (${own})`}`
}

async function read(selection: Picked, observation: Observation, source: Source): Promise<Reading | null> {
  const values = await source.view.readValues(selection)
  // Before the first step the buffers hold no activation and no gradient.
  const isComputed = observation.step > 0
  const row = (name: string, value: number | undefined, big = false) =>
    value === undefined ? [] : [{ name, value: format.exact(value), big }]
  const computed = (name: string, value: number | undefined, big = false) =>
    value === undefined ? [] : [{ name, value: format.exact(isComputed ? value : null), big }]
  if (selection.kind === 'edge' && values.kind === 'edge') {
    const { row: to, column: from } = selection
    const { weight, gradient } = values
    const rate = source.learningRate()
    return {
      title: `Weight ${to + 1} ← ${from + 1}`,
      rows: [
        ...row('weight', weight, true),
        ...computed('∂L/∂weight', gradient, true),
        { name: 'from', value: neuronName(source, observation, selection.from, from) },
        { name: 'to', value: neuronName(source, observation, selection.to, to) },
        { name: 'path', value: `${selection.path}[${to}, ${from}]` },
      ],
      note: !isComputed
        ? 'No gradient yet: no step is done.'
        : rate === null
          ? ''
          : `A plain gradient step at rate ${format.tick(rate)} would change it by ${format.short(-rate * gradient)}.`,
    }
  }
  const column = selection.kind === 'neuron' ? observation.columns[selection.column] : undefined
  if (!column || selection.kind !== 'neuron' || values.kind !== 'neuron') return null
  return {
    title: `Neuron ${selection.index + 1} of ${format.integer(column.width)}`,
    rows: [
      ...computed('activation', values.activation, true),
      ...computed('∂L/∂activation', values.gradient, true),
      ...row('bias', values.bias),
      ...computed('∂L/∂bias', values.biasGradient),
      { name: 'layer', value: neuronName(source, observation, selection.column, selection.index) },
    ],
    note: !isComputed
      ? 'No gradient yet: no step is done.'
      : `Sample ${source.view.settings.sample + 1} of the batch of ${observation.batch}.`,
  }
}
