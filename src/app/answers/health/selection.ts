/** The layer that is selected, in the table and in the picture alike. */
import { signal, type ReadonlySignal } from '@preact/signals'
import { same } from '../../../same.ts'
import type { View } from '../../../view/types.ts'
import type { Page } from '../questions.ts'
import type { LayerRow } from './rows.ts'

export interface LayerSelection {
  /** Path of the output of the layer, as the picture calls its column. */
  readonly selected: ReadonlySignal<string | null>
  /** Whether it is to be seen in the picture, which then follows clicks there; to be told again whenever the picture may have changed. */
  show(isShown: boolean): void
  /** Selects a layer; the one that is selected no more. */
  choose(row: Pick<LayerRow, 'outputPath'>): void
  /** Selects the layer with this output and lights neurons of it; null: none. */
  light(outputPath: string | null, neurons?: readonly number[]): void
}

const ofViews = new WeakMap<View, LayerSelection>()

/** One for all that show it. */
export function selectionOf({ session, view, refresh }: Page): LayerSelection {
  const known = ofViews.get(view)
  if (known) return known
  const selected = signal<string | null>(null)
  let isShown = false
  let neurons: readonly number[] = []
  /** The picture in which it is marked. */
  let marked: unknown = null
  /** Of the picture's columns the first that shows the selected one: a layer within a closed group is seen as the group's. */
  const column = (): number | null => {
    const all = session.trainer?.observation().columns ?? []
    const placeOf = (path: string | null) => all.findIndex((own) => own.path === path)
    const place = placeOf(selected.value)
    const at = place < 0 ? -1 : (view.observation?.columns.findIndex(({ path }) => placeOf(path) >= place) ?? -1)
    return at < 0 ? null : at
  }
  const mark = () => {
    marked = view.observation
    // Of a layer within a closed group the neurons are not there.
    const at = isShown ? column() : null
    view.mark(at, at !== null && view.observation?.columns[at]?.path === selected.value ? neurons : [])
    refresh()
  }
  const select = (path: string | null, lit: readonly number[] = []) => {
    if (path === selected.value && same(lit, neurons)) return
    selected.value = path
    neurons = lit
    mark()
  }
  view.onSelect((picked) => {
    if (!isShown) return
    const at = picked?.kind === 'neuron' ? picked.column : picked?.kind === 'edge' ? picked.to : null
    select(at === null ? null : (view.observation?.columns[at]?.path ?? null))
  })
  const selection: LayerSelection = {
    selected,
    show(shown) {
      if (shown === isShown && (selected.value === null || marked === view.observation)) return
      isShown = shown
      if (selected.value !== null) mark()
    },
    choose: ({ outputPath }) => select(selected.value === outputPath ? null : outputPath),
    light: (path, lit = []) => select(path, path === null ? [] : lit),
  }
  ofViews.set(view, selection)
  return selection
}
