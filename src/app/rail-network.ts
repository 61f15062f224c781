/** 2 Network: the layers in order, groups within them, to add, remove, set, move and exchange. */
import type { Layer } from '../model/types.ts'
import { byId, h, replace, select } from './dom.ts'
import { integer } from './format.ts'
import { icon } from './icons.ts'
import { mainFields } from './layer-fields.ts'
import { missingFlatten } from './layer-menu.ts'
import { chain, insert, layerAt, move, moved, neighbour, placeOfPath, remove, renumbered } from './layer-tree.ts'
import { layerNames } from './names.ts'
import { problemOf } from './problem.ts'
import { dragging } from './rail-dragging.ts'
import { adder, inserter, layerRow, type Editing } from './rail-layer.ts'
import type { Session } from './session.ts'
import type { Description, Problem, State } from './state.ts'

const lossEndings: Partial<Record<string, string>> = { crossEntropy: 'softmax in the loss' }
/** More layers than this scroll in a frame of their own, so that what stands below stays at hand. */
const longList = 16

export function networkRail(session: Session): void {
  const section = byId('network')
  const heading = byId('network-title')
  const undo = headButton('Undo', 'Undo (Ctrl+Z)', 'undo', () => session.undo())
  const redo = headButton('Redo', 'Redo (Ctrl+Shift+Z)', 'redo', () => session.redo())
  const list = h('ol', { class: 'layers' })
  const addLast = h('div', { class: 'adders' })
  const problem = problemOf(session, 'network')
  section.append(h('div', { class: 'stage-head' }, heading, undo, redo), list, addLast, problem)

  /** Paths of the groups that stand open, and of the layers whose further settings do. */
  let open = new Set<string>()
  /** What has the focus once the rows are made anew. */
  let focusNext: string | null = null
  let shown = ''

  const change = (edit: (draft: Description) => void, field: string, path: (path: string) => string | null = (own) => own) => {
    session.edit(edit, field)
    open = new Set([...open].map(path).filter((own) => own !== null))
  }
  const editing: Editing = {
    set: (path, edit, field) => change((draft) => edit(layerIn(draft, path)), `${field} ${path}`),
    insert: (place, layers) => {
      focusNext = `[data-layer="${place.list}.${place.index + layers.length - 1}"] .handle`
      change(
        (draft) => insert(draft.layers, place, layers),
        'add',
        (path) => renumbered(path, place, layers.length),
      )
    },
    remove: (path) =>
      change(
        (draft) => remove(draft.layers, path),
        'remove',
        (own) => renumbered(own, placeOfPath(path), -1),
      ),
    move: (path, to) => {
      const way = moved(path, to)
      if (!way) return
      focusNext = `[data-layer="${way.path(path)}"] .handle`
      change((draft) => void move(draft.layers, path, to), 'move', way.path)
      openAround(way.path(path))
    },
    step: (path, key) => {
      const to = neighbour(session.state.value.draft?.layers ?? [], path, key)
      if (to) editing.move(path, to)
    },
    isOpen: (path) => open.has(path),
    toggle: (path) => {
      if (!open.delete(path)) open.add(path)
      redraw()
    },
    layers: () => session.state.value.draft?.layers ?? [],
    input: () => inputOf(session.state.value),
  }

  /** Groups around a layer are opened, so that it is seen. */
  function openAround(path: string): void {
    for (let at = path.lastIndexOf('.'); at > 0; at = path.lastIndexOf('.', at - 1)) {
      const around = path.slice(0, at)
      if (/\.\d+$/.test(around)) open.add(around)
    }
  }

  /** Opens what holds a field: the groups around its layer, and the further settings where it is one of them. */
  function bringToSight(field: string): void {
    const [, path, key] = /^(.*\.\d+)(?:\.(\w+))?$/.exec(field) ?? []
    if (path === undefined) return
    openAround(path)
    if (key !== undefined && !mainFields.has(key) && layerAt(editing.layers(), path)) open.add(path)
  }

  const redraw = () => {
    shown = ''
    show(session.state.value)
  }
  const show = (state: State) => {
    const { draft, draftDataset: dataset } = state
    if (!draft || !dataset) return
    undo.disabled = !session.edits.canUndo
    redo.disabled = !session.edits.canRedo
    const content = JSON.stringify([draft.layers, draft.input, draft.training.loss, dataset.inputShape, dataset.outputs])
    if (content === shown) return
    shown = content
    const focus = focusNext ?? focused(list)
    focusNext = null
    const { layers } = draft
    const { shapes } = chain(layers, inputOf(state))
    const rows = { names: layerNames(layers), shapes, flattenBefore: missingFlatten(layers, inputOf(state)) }
    section.append(problem)
    list.classList.toggle('long', layers.length > longList)
    replace(
      list,
      inputRow(state, editing, (shape) => session.edit((own) => void readAs(own, shape), 'input')),
      ...layers.map((layer, i) => layerRow(editing, rows, layer, `layers.${i}`)),
      end('Output', integer(dataset.outputs), lossEndings[draft.training.loss] ?? ''),
    )
    replace(addLast, adder(editing, { list: 'layers', index: placeForNew(layers) }, 'Add layer'))
    tell(state.problem)
    if (focus) (section.querySelector(focus) as HTMLElement | null)?.focus()
  }

  /** The sentence stands in the row that it speaks of. */
  const tell = (told: Problem | null) => {
    const field = told?.place === 'network' ? (told.field ?? '') : ''
    list.querySelectorAll('.wrong').forEach((row) => row.classList.remove('wrong'))
    list.querySelectorAll('[aria-invalid]').forEach((input) => input.removeAttribute('aria-invalid'))
    const row = field ? list.querySelector<HTMLElement>(`[data-layer="${rowOf(field, list)}"]`) : null
    if (!row) return void section.append(problem)
    row.classList.add('wrong')
    inputFor(row, field, told?.message ?? '')?.setAttribute('aria-invalid', 'true')
    row.querySelector(':scope > .layer-head')?.after(problem)
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
    (told) => {
      const before = open.size
      if (told?.place === 'network' && told.field) bringToSight(told.field)
      if (open.size !== before) redraw()
      else tell(told)
    },
  )
  dragging(list, editing.move)
}

const headButton = (label: string, title: string, picture: 'undo' | 'redo', onclick: () => void) =>
  h('button', { type: 'button', class: 'icon-button', title, 'aria-label': label, onclick }, icon(picture))

const layerIn = (draft: Description, path: string): Layer =>
  path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], draft) as Layer

const inputOf = ({ draft, draftDataset }: State): number[] => draft?.input ?? draftDataset?.inputShape ?? []

/** Before the last dense layer, so that the output keeps its width. */
function placeForNew(layers: readonly Layer[]): number {
  const last = layers.findLastIndex((layer) => layer.type === 'dense')
  return last < 0 ? layers.length : last
}

const end = (name: string, size: string | HTMLElement, note: string) =>
  h(
    'li',
    { class: 'layer fixed' },
    h(
      'div',
      { class: 'layer-head' },
      h('span', { class: 'dot' }),
      h('span', {}, name, note && h('span', { class: 'unit' }, ` · ${note}`)),
      size instanceof HTMLElement ? size : h('b', {}, size),
    ),
  )

/** Shapes as which a sample may be read: one row, or square images where the size is that of some. */
export function readings(shape: readonly number[]): number[][] {
  const size = shape.reduce((product, length) => product * length, 1)
  const images =
    shape.length === 3 ? [[...shape]] : [1, 3].map((channels) => [channels, Math.sqrt(size / channels), Math.sqrt(size / channels)])
  return [[size], ...images.filter(([, side]) => Number.isInteger(side) && side! >= 8)]
}

/** Reads samples in another shape; a dense layer that then meets images gets the flatten that it needs. */
export function readAs(draft: Pick<Description, 'input' | 'layers'>, shape: number[]): void {
  draft.input = shape
  const dense = missingFlatten(draft.layers, shape)
  if (dense) insert(draft.layers, placeOfPath(dense), [{ type: 'flatten' }])
}

function inputRow(state: State, editing: Editing, read: (shape: number[]) => void): HTMLElement {
  const shape = inputOf(state)
  const size = shape.reduce((product, length) => product * length, 1)
  const choices = readings(state.draftDataset?.inputShape ?? shape)
  const text = (own: number[]) => (own.length === 1 ? `${integer(own[0]!)} numbers` : `images of ${own.join(' × ')}`)
  const options = choices.map((own) => ({ value: own.join('×'), text: text(own) }))
  const row =
    choices.length < 2
      ? end('Input', integer(size), '')
      : end(
          'Input',
          select('Samples are read as', options, shape.join('×'), (value) => read(value.split('×').map(Number))),
          '',
        )
  row.append(inserter(editing, { list: 'layers', index: 0 }, 'Input'))
  return row
}

/** Path of the innermost row that holds a field, `layers.2.shortcut.0.units`. */
function rowOf(field: string, list: HTMLElement): string {
  let path = field
  while (path && !list.querySelector(`[data-layer="${path}"]`)) path = path.slice(0, Math.max(0, path.lastIndexOf('.')))
  return path
}

/** The field of a row that a refusal names, by its path or in its sentence; the first where it names none. */
function inputFor(row: HTMLElement, field: string, sentence: string): HTMLElement | null {
  const key = field.slice(field.lastIndexOf('.') + 1)
  const own = [...row.querySelectorAll<HTMLElement>('[data-key]')].filter((input) => input.closest('[data-layer]') === row)
  return (
    own.find((input) => input.dataset['key'] === key) ?? own.find((input) => sentence.includes(input.dataset['key']!)) ?? own[0] ?? null
  )
}

/** A selector that finds the focused control again after the rows are made anew. */
function focused(list: HTMLElement): string | null {
  const row = document.activeElement?.closest('[data-layer]')
  const label = document.activeElement?.getAttribute('aria-label')
  return row && list.contains(row) && label ? `[aria-label=${JSON.stringify(label)}]` : null
}
