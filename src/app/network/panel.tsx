/** 2 Network: the layers in order, groups within them, to add, remove, set, move and exchange. */
import { effect } from '@preact/signals'
import { render, type ComponentChild, type JSX } from 'preact'
import type { Layer } from '../../model/types.ts'
import { kindOf } from '../../model/catalogue/layers.ts'
import { lossKind } from '../../model/catalogue/losses.ts'
import { sizeOf } from '../../model/shape.ts'
import { byId, h, setEnabled } from '../ui/dom.ts'
import { integer } from '../words/format.ts'
import { icon } from '../ui/icons.ts'
import { missingFlatten } from './offers.ts'
import { chain, containerOf, insert, layerAt, move, moved, neighbour, placeOfPath, remove, renumbered } from './layer-tree.ts'
import { layerNames } from '../words/layer-names.ts'
import { problemOf } from '../ui/problem.ts'
import { dragging } from './dragging.ts'
import { Adder, Inserter } from './adder.tsx'
import type { Editing, RowContext } from './editing.ts'
import { Rows } from './layer-row.tsx'
import { modelNotesOf } from './model-notes.tsx'
import type { Session } from '../run/session.ts'
import { display } from '../run/display.ts'
import { loadingOf, type Description, type State } from '../run/state.ts'
import { whenSteady } from '../ui/steady.ts'
import { Select } from '../ui/elements.tsx'
import { language, t } from '../words/language.ts'

/** More layers than this scroll in a frame of their own, so that what stands below stays at hand. */
const longList = 16

export function networkPanel(session: Session): void {
  const section = byId('network')
  const heading = byId('network-title')
  const undo = headButton('undo', () => session.undo())
  const redo = headButton('redo', () => session.redo())
  const list = h('ol', { class: 'layers' })
  const addLast = h('div', { class: 'adders' })
  const problem = problemOf(session, 'network')
  section.append(h('div', { class: 'stage-head' }, heading, undo, redo), list, addLast, problem, modelNotesOf(session))

  const open = () => new Set(session.state.value.display.layers)
  /** What has the focus once the rows are drawn. */
  let focusNext: string | null = null

  const change = (edit: (draft: Description) => void, field: string, path: (path: string) => string | null = (own) => own) => {
    session.edit(edit, field)
    // Also where the edit changes nothing: a field then shows again what holds.
    queueMicrotask(() => whenSteady(show))
    display(session.state, { layers: [...open()].map(path).filter((own) => own !== null) })
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
    isOpen: (path) => open().has(path),
    toggle: (path) => {
      const now = open()
      if (!now.delete(path)) now.add(path)
      display(session.state, { layers: [...now] })
    },
    layers: () => session.state.value.draft?.layers ?? [],
    input: () => inputOf(session.state.value),
  }

  /** Groups around a layer are opened, so that it is seen. */
  function openAround(path: string): void {
    const now = open()
    for (let at = path.lastIndexOf('.'); at > 0; at = path.lastIndexOf('.', at - 1)) {
      const around = path.slice(0, at)
      if (/\.\d+$/.test(around)) now.add(around)
    }
    display(session.state, { layers: [...now] })
  }

  /** Opens what holds a field: the groups around its layer, and the further settings where it is one of them. */
  function bringToSight(field: string): void {
    const [, path, key] = /^(.*\.\d+)(?:\.(\w+))?$/.exec(field) ?? []
    if (path === undefined) return
    openAround(path)
    const layer = layerAt(editing.layers(), path)
    if (key !== undefined && layer && kindOf(layer).main !== key) display(session.state, { layers: [...open().add(path)] })
  }

  const show = () => {
    const state = session.state.value
    const { draft, draftDataset: dataset } = state
    if (!draft || !dataset) return
    setEnabled(undo, session.edits.canUndo)
    setEnabled(redo, session.edits.canRedo)
    const { layers } = draft
    const { shapes } = chain(layers, inputOf(state))
    const refused = refusedRow(state)
    const rows = { names: layerNames(layers), shapes, flattenBefore: missingFlatten(layers, inputOf(state)), refused }
    list.classList.toggle('long', layers.length > longList)
    const focus = focusedIn(section)
    const { loss } = draft.training
    render(
      <>
        <InputRow state={state} editing={editing} read={(shape) => change((own) => void readAs(own, shape), 'input')} />
        <Rows editing={editing} context={rows} list="layers" layers={layers} />
        <End
          key="output"
          name={t('network.output')}
          size={<b>{integer(dataset.outputs)}</b>}
          note={lossKind(loss).holds === 'softmax' ? t('network.softmaxInLoss') : ''}
        />
      </>,
      list,
    )
    render(<Adder editing={editing} place={{ list: 'layers', index: placeForNew(layers) }} text={t('network.addLayer')} />, addLast)
    if (!refused) section.append(problem)
    bringFocus(focus)
  }

  /** To what was put in or moved; else, where what had the focus is gone, to what stands in its place. */
  function bringFocus(before: FocusPlace | null): void {
    const wanted = focusNext === null ? null : section.querySelector<HTMLElement>(focusNext)
    focusNext = null
    if (wanted) return wanted.focus()
    if (!before || before.element.isConnected) return
    const rowsLeft = [...list.querySelectorAll<HTMLElement>('[data-layer]')]
    const row = list.querySelector(`[data-layer="${before.path}"]`) ?? rowsLeft.at(-1)
    const next = row?.querySelector<HTMLElement>(before.kind) ?? row?.querySelector<HTMLElement>('.handle')
    ;(next ?? addLast.querySelector('button'))?.focus()
  }

  /** The row that holds what was refused: the innermost that is shown. */
  function refusedRow({ problem: told, draft }: State): RowContext['refused'] {
    if (told?.place !== 'network' || !told.field || !draft) return null
    let path = told.field
    while (path && !isShown(path, draft.layers)) path = path.slice(0, Math.max(0, path.lastIndexOf('.')))
    return path ? { path, field: told.field, problem } : null
  }

  /** Whether a layer is there, and all groups around it are open. */
  function isShown(path: string, layers: readonly Layer[]): boolean {
    if (!/\.\d+$/.test(path) || layerAt(layers, path)?.type === undefined) return false
    for (let around = containerOf(path); around !== null; around = containerOf(around)) if (!open().has(around)) return false
    return true
  }

  for (const pick of ['draft', 'draftDataset'] as const)
    session.state.watch(
      (state) => state[pick],
      () => whenSteady(show),
    )
  session.state.watch(
    (state) => state.display.layers,
    () => whenSteady(show),
  )
  // The run that is being loaded brings its own network.
  session.state.watch(
    (state) => loadingOf(state) !== null,
    (loading) => (section.inert = loading),
  )
  session.state.watch(
    (state) => state.problem,
    (told) => {
      if (told?.place === 'network' && told.field) bringToSight(told.field)
      whenSteady(show)
    },
  )
  effect(() => {
    void language.value
    whenSteady(show)
  })
  dragging(list, editing.move)
}

/** Without anything to undo or redo it does nothing; it asks at the click, since a press may be what commits the first edit. */
const headButton = (name: 'undo' | 'redo', onclick: () => void) =>
  h(
    'button',
    { type: 'button', class: 'icon-button', title: () => t(`network.${name}.keys`), 'aria-label': () => t(`network.${name}`), onclick },
    icon(name),
  )

const layerIn = (draft: Description, path: string): Layer =>
  path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], draft) as Layer

const inputOf = ({ draft, draftDataset }: State): number[] => draft?.input ?? draftDataset?.inputShape ?? []

/** Before the last dense layer, so that the output keeps its width. */
function placeForNew(layers: readonly Layer[]): number {
  const last = layers.findLastIndex((layer) => layer.type === 'dense')
  return last < 0 ? layers.length : last
}

interface EndProps {
  name: string
  size: ComponentChild
  note?: string
  children?: ComponentChild
}

const End = ({ name, size, note = '', children }: EndProps): JSX.Element => (
  <li class="layer fixed">
    <div class="layer-head">
      <span class="dot" />
      <span>
        {name}
        {note !== '' && <span class="unit"> · {note}</span>}
      </span>
      {size}
    </div>
    {children}
  </li>
)

/** Shapes as which a sample may be read: one row, or square images where the size is that of some. */
export function readings(shape: readonly number[]): number[][] {
  const size = sizeOf(shape)
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

function InputRow({ state, editing, read }: { state: State; editing: Editing; read(shape: number[]): void }): JSX.Element {
  const shape = inputOf(state)
  const choices = readings(state.draftDataset?.inputShape ?? shape)
  const text = (own: number[]) =>
    own.length === 1 ? t('network.numbers', { count: integer(own[0] ?? 0) }) : t('network.images', { shape: own.join(' × ') })
  const options = choices.map((own) => ({ value: own.join('×'), text: text(own) }))
  const reading =
    choices.length < 2 ? (
      <b>{integer(sizeOf(shape))}</b>
    ) : (
      <Select
        label={t('network.readAs')}
        options={options}
        value={shape.join('×')}
        onChange={(value) => read(value.split('×').map(Number))}
      />
    )
  return (
    <End key="input" name={t('network.input')} size={reading}>
      <Inserter editing={editing} place={{ list: 'layers', index: 0 }} name={t('network.input')} />
    </End>
  )
}

interface FocusPlace {
  element: HTMLElement
  /** Of the row that it stands in, and what of a row it is. */
  path: string
  kind: string
}

/** What of the rail's rows has the focus. */
function focusedIn(section: HTMLElement): FocusPlace | null {
  const element = document.activeElement as HTMLElement | null
  if (!element || !section.contains(element)) return null
  const kind = ['.remove', '.disclose', '.handle', '.insert', '.stepper input', 'select'].find((selector) => element.matches(selector))
  return { element, path: element.closest<HTMLElement>('[data-layer]')?.dataset['layer'] ?? '', kind: kind ?? '.handle' }
}
