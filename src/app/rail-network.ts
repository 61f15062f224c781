/** 2 Network: the layers in order, to add, remove, resize, move and exchange. */
import type { ActivationName, Layer } from '../model/types.ts'
import { byId, h, replace, select } from './dom.ts'
import { integer } from './format.ts'
import { icon } from './icons.ts'
import { layerNames } from './names.ts'
import { problemOf } from './problem.ts'
import type { Session } from './session.ts'
import type { Description, State } from './state.ts'

const activations: readonly ActivationName[] = ['tanh', 'relu', 'sigmoid', 'leakyRelu', 'elu', 'gelu', 'silu', 'softplus']
const norms = ['batchNorm', 'layerNorm'] as const
const titles: Record<string, string> = {
  batchNorm: 'Batch norm',
  layerNorm: 'Layer norm',
  leakyRelu: 'leaky ReLU',
  relu: 'ReLU',
  elu: 'ELU',
  gelu: 'GELU',
  silu: 'SiLU',
  dense: 'Dense',
  dropout: 'Dropout',
  flatten: 'Flatten',
  residual: 'Residual',
  concat: 'Concat',
}
const title = (type: string): string => titles[type] ?? type

const lossEndings: Partial<Record<string, string>> = { crossEntropy: 'softmax in the loss' }

export function networkRail(session: Session): void {
  const section = byId('network')
  const heading = byId('network-title')
  const undo = h(
    'button',
    { type: 'button', class: 'icon-button', title: 'Undo (Ctrl+Z)', 'aria-label': 'Undo', onclick: () => session.undo() },
    icon('undo'),
  )
  const redo = h(
    'button',
    { type: 'button', class: 'icon-button', title: 'Redo (Ctrl+Shift+Z)', 'aria-label': 'Redo', onclick: () => session.redo() },
    icon('redo'),
  )
  const list = h('ol', { class: 'layers' })
  const adders = h(
    'div',
    { class: 'adders', role: 'group', 'aria-label': 'Add a layer' },
    adder('Dense', () => ({ type: 'dense', units: 16 })),
    adder('Activation', () => ({ type: 'tanh' })),
    adder('Norm', () => ({ type: 'layerNorm' })),
    adder('Dropout', () => ({ type: 'dropout', rate: 0.2 })),
  )
  section.append(h('div', { class: 'stage-head' }, heading, undo, redo), list, adders, problemOf(session, 'network'))

  function adder(text: string, make: () => Layer) {
    const add = () => session.edit((draft) => draft.layers.splice(placeForNew(draft.layers), 0, make()), `add ${text}`)
    return h('button', { type: 'button', class: 'button', onclick: add, 'aria-label': `Add ${text.toLowerCase()}` }, icon('plus'), text)
  }

  let shown = ''
  const show = (state: State) => {
    const { draft, draftDataset: dataset } = state
    if (!draft || !dataset) return
    undo.disabled = !session.edits.canUndo
    redo.disabled = !session.edits.canRedo
    const content = JSON.stringify([draft.layers, draft.input, draft.training.loss, dataset.inputShape, dataset.outputs])
    if (content === shown) return
    shown = content
    const focus = focused(list)
    const names = layerNames(draft.layers)
    const { layers } = draft
    const shape = draft.input ?? dataset.inputShape
    const size = shape.reduce((product, length) => product * length, 1)
    replace(
      list,
      end('Input', integer(size), shape.length === 3 ? `${shape[0]} × ${shape[1]} × ${shape[2]}` : ''),
      ...layers.map((layer, i) => layerRow(session, layer, i, layers.length, names.get(`layers.${i}`))),
      end('Output', integer(dataset.outputs), lossEndings[draft.training.loss] ?? ''),
    )
    if (focus) (list.querySelector(focus) as HTMLElement | null)?.focus()
  }
  session.state.watch(
    (state) => state.draft,
    (_, state) => show(state),
  )
  session.state.watch(
    (state) => state.draftDataset,
    (_, state) => show(state),
  )
  // The run that is being loaded brings its own network.
  session.state.watch(
    (state) => state.loading !== null,
    (loading) => (section.inert = loading),
  )
  session.state.watch(
    (state) => state.problem,
    (problem) => {
      const wrong = problem?.place === 'network' ? problem.field : undefined
      list.querySelectorAll('[data-layer]').forEach((row) => {
        const isWrong = row.getAttribute('data-layer') === wrong
        row.classList.toggle('wrong', isWrong)
        row.querySelector('input')?.setAttribute('aria-invalid', String(isWrong))
      })
    },
  )
  dragging(list, session)
}

/** Before the last dense layer, so that the output keeps its width. */
function placeForNew(layers: readonly Layer[]): number {
  const last = layers.findLastIndex((layer) => layer.type === 'dense')
  return last < 0 ? layers.length : last
}

const end = (name: string, size: string, note: string) =>
  h(
    'li',
    { class: 'layer fixed' },
    h('span', { class: 'dot' }),
    h('span', {}, name, note && h('span', { class: 'unit' }, ` · ${note}`)),
    h('b', {}, size),
  )

function layerRow(session: Session, layer: Layer, index: number, count: number, ownName: string | undefined): HTMLElement {
  const edit = (change: (layer: Layer, draft: Description) => void, field: string) =>
    session.edit((draft) => {
      const own = draft.layers[index]
      if (own) change(own, draft)
    }, `${field} ${index}`)
  const name = `Layer ${index + 1}, ${title(layer.type)}`
  const move = (by: number) => {
    if (index + by < 0 || index + by >= count) return
    session.edit((draft) => draft.layers.splice(index + by, 0, ...draft.layers.splice(index, 1)), 'move')
    requestAnimationFrame(() => (document.querySelector(`[data-layer="${index + by}"] .handle`) as HTMLElement | null)?.focus())
  }
  // No button: Firefox drags nothing that is held by one.
  const handle = h(
    'span',
    {
      role: 'button',
      tabindex: 0,
      class: 'handle',
      title: 'Drag to move; arrow keys move it too',
      'aria-label': `${name}: move with the arrow keys`,
      onkeydown: (event: KeyboardEvent) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
        if (!by) return
        event.preventDefault()
        move(by)
      },
    },
    icon('handle'),
  )
  const remove = h(
    'button',
    {
      type: 'button',
      class: 'icon-button remove',
      title: 'Remove',
      'aria-label': `Remove ${name}`,
      onclick: () => session.edit((draft) => draft.layers.splice(index, 1), 'remove'),
    },
    icon('close'),
  )
  return h(
    'li',
    { class: `layer${layer.type === 'dense' ? ' weighty' : ''}`, 'data-layer': index, draggable: 'true' },
    handle,
    kind(layer, ownName ?? title(layer.type), name, (type) => edit((_, draft) => (draft.layers[index] = { type } as Layer), 'kind')),
    setting(layer, name, edit),
    remove,
  )
}

function kind(layer: Layer, text: string, name: string, change: (type: string) => void): HTMLElement {
  const options = [activations, norms].find((types) => (types as readonly string[]).includes(layer.type))
  if (!options) return h('span', { class: 'container' }, text)
  return select(
    name,
    options.map((value) => ({ value: value as string, text: title(value) })),
    layer.type,
    change,
  )
}

function setting(layer: Layer, name: string, edit: (change: (layer: Layer) => void, field: string) => void): HTMLElement {
  switch (layer.type) {
    case 'dense':
      return stepper(
        `${name}: units`,
        String(layer.units),
        (units) => edit((own) => Object.assign(own, { units }), 'units'),
        (now, up) => {
          const by = now >= 64 ? 16 : now >= 16 ? 4 : 1
          return Math.max(1, up ? now + by : now - by)
        },
      )
    case 'dropout':
      return stepper(
        `${name}: rate`,
        String(layer.rate),
        (rate) => edit((own) => Object.assign(own, { rate }), 'rate'),
        (now, up) => Math.min(0.95, Math.max(0, Math.round((now + (up ? 0.05 : -0.05)) * 100) / 100)),
      )
    case 'residual':
      return h('span', { class: 'unit' }, `${layer.layers.length} layers`)
    case 'concat':
      return h('span', { class: 'unit' }, `${layer.branches.length} branches`)
    default:
      return h('span')
  }
}

/** A number with − and +. What is no number is handed on as it was typed, for the model's own check to refuse. */
function stepper(
  label: string,
  value: string,
  change: (value: number | string) => void,
  next: (now: number, up: boolean) => number,
): HTMLElement {
  const set = () => change(input.value.trim() === '' || Number.isNaN(Number(input.value)) ? input.value : Number(input.value))
  const nudge = (up: boolean) => {
    input.value = String(next(Number(input.value) || 0, up))
    set()
  }
  const input = h('input', {
    type: 'text',
    inputmode: 'decimal',
    value,
    'aria-label': label,
    style: `width: ${Math.max(46, 8 * value.length + 10)}px`,
    onchange: set,
    onkeydown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
      event.preventDefault()
      nudge(event.key === 'ArrowUp')
    },
  })
  return h(
    'span',
    { class: 'stepper' },
    h('button', { type: 'button', tabindex: -1, 'aria-label': `${label}, less`, onclick: () => nudge(false) }, '−'),
    input,
    h('button', { type: 'button', tabindex: -1, 'aria-label': `${label}, more`, onclick: () => nudge(true) }, '+'),
  )
}

/** A selector that finds the focused control again after the rows are made anew. */
function focused(list: HTMLElement): string | null {
  const row = document.activeElement?.closest('[data-layer]')
  const label = document.activeElement?.getAttribute('aria-label')
  return row && list.contains(row) && label ? `[aria-label=${JSON.stringify(label)}]` : null
}

function dragging(list: HTMLElement, session: Session): void {
  let from: HTMLElement | null = null
  const rowAt = (event: Event) => (event.target as Element).closest<HTMLElement>('[data-layer]')
  const clear = () => list.querySelectorAll('.target').forEach((row) => row.classList.remove('target'))
  list.addEventListener('dragstart', (event) => {
    from = rowAt(event)
    if (!from || (event.target as Element).closest('input')) return
    from.classList.add('dragged')
    event.dataTransfer?.setData('text/plain', 'layer')
  })
  list.addEventListener('dragover', (event) => {
    if (!from) return
    event.preventDefault()
    clear()
    rowAt(event)?.classList.add('target')
  })
  list.addEventListener('drop', (event) => {
    const to = rowAt(event)
    if (!from || !to || to === from) return
    event.preventDefault()
    event.stopPropagation()
    const [a, b] = [Number(from.dataset['layer']), Number(to.dataset['layer'])]
    session.edit((draft) => draft.layers.splice(b > a ? b - 1 : b, 0, ...draft.layers.splice(a, 1)), 'move')
  })
  list.addEventListener('dragend', () => {
    from?.classList.remove('dragged')
    from = null
    clear()
  })
}
