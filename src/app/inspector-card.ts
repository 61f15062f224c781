/** The card of a clicked edge or neuron, and the hint under the pointer: their numbers, read from the GPU a few bytes at a time. */
import type { Observation, TensorView } from '../graph/observation.ts'
import { readBuffer } from '../gpu/readback.ts'
import { byId, h, replace, setText } from './dom.ts'
import * as format from './format.ts'
import { icon } from './icons.ts'
import type { Selection } from './services.ts'

export interface InspectorCard {
  select(selection: Selection | null): void
  hover(selection: Selection | null): void
  /** Reads the numbers again. */
  update(): Promise<void>
  /** What is selected belongs to another network now. */
  clear(): void
}

interface Source {
  device: GPUDevice
  observation(): Observation | null
  sample(): number
  learningRate(): number | null
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
  const panel = h('section', { class: 'glass inspector', hidden: true, 'aria-label': 'Selected' }, h('header', {}, title, close), values, note)
  host.append(panel)
  const tip = h('div', { id: 'tip', class: 'glass', hidden: true })
  document.body.append(tip)
  addEventListener('pointermove', (event) => {
    const flip = event.clientX > innerWidth - 240
    tip.style.left = `${event.clientX + (flip ? -14 : 14)}px`
    tip.style.top = `${event.clientY + 16}px`
    tip.style.transform = flip ? 'translateX(-100%)' : ''
  })

  let selected: Selection | null = null
  let hovered: Selection | null = null
  function select(selection: Selection | null) {
    selected = selection
    panel.hidden = selection === null
    if (selection) void update()
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

  return {
    select,
    update,
    async hover(selection) {
      hovered = selection
      const observation = source.observation()
      tip.hidden = true
      if (!selection || !observation) return
      const reading = await read(selection, observation, source)
      if (hovered !== selection || !reading) return
      const [first, second] = reading.rows.filter((row) => row.big)
      setText(tip, [reading.title, first && `${first.name} ${first.value}`, second && `${second.name} ${second.value}`].filter(Boolean).join('  ·  '))
      tip.hidden = false
    },
    clear() {
      select(null)
      hovered = null
      tip.hidden = true
    },
  }
}

async function read(selection: Selection, observation: Observation, source: Source): Promise<Reading | null> {
  const element = async (tensor: TensorView | undefined, ...index: number[]): Promise<number | null> => {
    if (!tensor) return null
    const at = index.reduce((sum, position, axis) => sum + position * (tensor.strides[axis] ?? 0), 0)
    return new Float32Array(await readBuffer(source.device, tensor.buffer, tensor.offset + 4 * at, 4))[0] ?? null
  }
  const rate = source.learningRate()
  if (selection.kind === 'edge') {
    const block = observation.blocks.find(({ path }) => path === selection.path)
    if (!block) return null
    const { row, column } = selection
    const [weight, gradient] = await Promise.all([element(block.weight, row, column), element(block.gradient, row, column)])
    return {
      title: `Weight ${row + 1} ← ${column + 1}`,
      rows: [
        { name: 'weight', value: format.exact(weight), big: true },
        { name: '∂L/∂weight', value: format.exact(gradient), big: true },
        { name: 'from', value: `neuron ${column + 1} of ${observation.columns[block.from]?.label ?? ''}` },
        { name: 'to', value: `neuron ${row + 1} of ${observation.columns[block.to]?.label ?? ''}` },
        { name: 'parameter', value: `${block.path}[${row}, ${column}]` },
      ],
      note: rate !== null && gradient !== null ? `A plain gradient step at rate ${format.short(rate)} would change it by ${format.short(-rate * gradient)}.` : '',
    }
  }
  const column = observation.columns.find(({ path }) => path === selection.path)
  if (!column) return null
  const sample = Math.min(source.sample(), observation.batch - 1)
  const { index } = selection
  const [activation, gradient, bias, biasGradient] = await Promise.all([
    element(column.activation, sample, index),
    element(column.gradient, sample, index),
    element(column.bias, index),
    element(column.biasGradient, index),
  ])
  const row = (name: string, value: number | null, big = false) => (value === null ? [] : [{ name, value: format.exact(value), big }])
  return {
    title: `Neuron ${index + 1} of ${format.integer(column.width)}`,
    rows: [
      ...row('activation', activation, true),
      ...row('∂L/∂activation', gradient, true),
      ...row('bias', bias),
      ...row('∂L/∂bias', biasGradient),
      { name: 'layer', value: column.label },
    ],
    note: `Sample ${sample + 1} of the batch of ${observation.batch}.`,
  }
}
