/** 3 Training: loss, optimizer, learning rate and the rest. What is changed most stands over the stages. */
import { loadingOf } from '../run/state.ts'
import { effect } from '@preact/signals'
import { render, type VNode } from 'preact'
import { withSpan } from '../run/schedule.ts'
import type { Session } from '../run/session.ts'
import { byId, h } from '../ui/dom.ts'
import { problemOf } from '../ui/problem.ts'
import { Slot } from '../ui/slot.tsx'
import { whenSteady } from '../ui/steady.ts'
import { language, t } from '../words/language.ts'
import { RowView, type Edit } from './row-view.tsx'
import type { Row } from './rows.ts'
import { essentialRows, furtherRows } from './training-rows.ts'

export function trainingPanel(session: Session): void {
  const hosts = [
    { element: byId('essentials'), rows: essentialRows, label: 'training.essentials' },
    { element: h('div', {}), rows: furtherRows(() => session.state.value.draftDataset?.train.count ?? 1), label: 'training.further' },
  ] as const
  const problem = problemOf(session, 'training')
  byId('training').append(hosts[1].element)
  session.state.watch(
    (state) => loadingOf(state) !== null,
    (loading) => {
      for (const { element } of hosts) element.inert = loading
    },
  )
  const edit: Edit = (change, field) => {
    session.edit(withSpan(change, session.state.value.draftDataset?.train.count ?? 1), field)
    // Also where the edit changes nothing: a field then shows again what holds.
    queueMicrotask(() => whenSteady(show))
  }
  const show = () => {
    const { draft, draftDataset, problem: told } = session.state.value
    if (!draft) return
    const sample = draftDataset?.inputShape ?? []
    const wrong = told?.place === 'training' ? told.field : undefined
    const rowOf = (row: Row): VNode[] => [
      <RowView key={row.name} row={row} draft={draft} edit={edit} isWrong={row.name === wrong} />,
      // The sentence stands under the row that it speaks of.
      ...(row.name === wrong ? [<Slot key="problem" element={problem} />] : []),
    ]
    const isKnown = hosts.some(({ rows }) => rows.some(({ name, isIn }) => name === wrong && (isIn?.(draft, sample) ?? true)))
    for (const { element, rows, label } of hosts)
      render(
        <div class="fields" role="group" aria-label={t(label)}>
          {rows.filter(({ isIn }) => isIn?.(draft, sample) ?? true).flatMap(rowOf)}
          {!isKnown && element === hosts[1].element && <Slot key="problem" element={problem} />}
        </div>,
        element,
      )
  }
  for (const pick of ['draft', 'draftDataset', 'problem'] as const)
    session.state.watch(
      (state) => state[pick],
      () => whenSteady(show),
    )
  effect(() => {
    void language.value
    whenSteady(show)
  })
}
