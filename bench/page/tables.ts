/** A table a suite; with another machine's result beside this one's where there is one. */
import { byId, h, replace, type Child } from '../../src/app/ui/dom.ts'
import { comparison, onlyThere } from '../compare.ts'
import { suites, type BenchResult, type RatioRow, type Row, type Suite } from '../result.ts'
import type { Draft } from '../run.ts'
import { errorText, figure, percent, perStep, spreadText } from '../table.ts'

const titles: Record<Suite, [title: string, note: string]> = {
  limits: ['Limits', 'what the adapter can do, one thing at a time'],
  kernels: ['Kernels', 'each at one shape, beside the limit of its kind'],
  training: ['Training', 'the same weights, the same batch, checked against float64 first'],
  view: ['View', 'the network in 3D at 800 × 600'],
}

export function tableCards(draft: Draft, other: BenchResult | null): void {
  const than = other && comparison(other)
  const missing = other ? onlyThere(draft.rows, other) : []
  const cards = suites.flatMap((suite) => {
    const rows = draft.rows.filter((row) => row.suite === suite)
    return rows.length === 0 ? [] : [card(suite, [...rows, ...missing.filter((row) => row.suite === suite)], draft.ratios, than)]
  })
  if (draft.notes.length > 0)
    cards.push(h('section', { class: 'card notes' }, ...draft.notes.map((note) => h('p', { class: 'quiet' }, note))))
  replace(byId('tables'), ...cards)
}

interface Column {
  head: string
  cell(row: Row): Child
  /** Left out where no row has it. */
  seen(row: Row): boolean
  number?: boolean
}

function card(suite: Suite, rows: Row[], ratios: RatioRow[], than: ReturnType<typeof comparison> | null): HTMLElement {
  const ratioOf = (row: Row) =>
    ratios.find(
      (one) =>
        one.suite === suite &&
        one.name === row.name &&
        (one.over === row.engine ||
          (row.engine === 'gradscope' && suite !== 'kernels' && !rows.some((peer) => peer.name === row.name && peer.engine === one.over))),
    )
  const always = () => true
  const columns: Column[] = [
    { head: '', cell: nameCell, seen: always },
    { head: 'engine', cell: (row) => row.engine, seen: (row) => row.engine !== 'gradscope' },
    {
      head: 'median',
      cell: (row) => (row.median === null ? '–' : ([figure(row.median), h('small', {}, ` ${row.unit}`)] as never)),
      seen: always,
      number: true,
    },
    {
      head: 'gradscope is',
      cell: (row) => ratioText(ratioOf(row)),
      seen: (row) => ratioOf(row) !== undefined,
      number: true,
    },
    { head: 'there', cell: (row) => figure(than?.(row)?.there), seen: () => than !== null, number: true },
    { head: 'here is', cell: (row) => timesText(than?.(row)?.times), seen: () => than !== null, number: true },
    { head: 'best', cell: (row) => figure(row.best), seen: always, number: true },
    { head: 'spread', cell: spreadText, seen: always, number: true },
    { head: 'of the limit', cell: shareCell, seen: (row) => row.ofLimit !== undefined, number: true },
    { head: 'error', cell: errorText, seen: always, number: true },
    { head: 'dispatches', cell: (row) => perStep(row.dispatchesPerStep), seen: (row) => row.dispatchesPerStep !== undefined, number: true },
    { head: 'submits', cell: (row) => perStep(row.submitsPerStep), seen: (row) => row.submitsPerStep !== undefined, number: true },
    { head: 'over what it needs', cell: overNeededText, seen: (row) => row.overNeeded !== undefined, number: true },
    { head: 'bytes made', cell: (row) => figure(row.bytesPerStep), seen: (row) => row.bytesPerStep !== undefined, number: true },
  ]
  const used = columns.filter(({ seen }) => rows.some(seen))
  const [title, note] = titles[suite]
  return h(
    'section',
    { class: 'card', id: `table-${suite}`, 'aria-label': title },
    h('header', { class: 'card-head' }, h('h3', {}, title), h('span', { class: 'note' }, note)),
    h(
      'div',
      { class: 'table-frame', tabindex: 0, role: 'region', 'aria-label': `${title}, table` },
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ...used.map(({ head, number }) => h('th', { class: number ? 'number' : '' }, head)))),
        h('tbody', {}, ...rows.map((row) => tableRow(row, used))),
      ),
    ),
  )
}

const tableRow = (row: Row, columns: Column[]) =>
  h(
    'tr',
    { 'data-ok': String(row.ok), 'data-own': String(row.engine === 'gradscope') },
    ...columns.map(({ cell, number }) => h('td', { class: number ? 'number' : '' }, ...[cell(row)].flat())),
  )

/** The name, with the variant or the reason that nothing was timed under it. */
function nameCell(row: Row): Child {
  const below = row.reason ?? row.variant
  return h(
    'span',
    { title: below },
    row.name,
    below !== undefined && h('small', { class: row.reason === undefined ? '' : 'bad' }, ` ${below}`),
  )
}

function shareCell({ ofLimit }: Row): Child {
  if (ofLimit === undefined) return ''
  return h(
    'span',
    { class: 'share' },
    h('i', { style: `width: ${Math.min(100, 100 * ofLimit).toFixed(1)}%` }),
    h('span', {}, percent(ofLimit)),
  )
}

function ratioText(ratio: RatioRow | undefined): Child {
  if (!ratio) return ''
  const beside = /^(tfjs|jax|plain|pytorch)/.test(ratio.over) ? '' : ` as ${ratio.over}`
  return h(
    'span',
    { title: `quartiles of the rounds: ${figure(ratio.low)} to ${figure(ratio.high)}` },
    h('b', {}, `${figure(ratio.median)}×`),
    ` as fast${beside}`,
  )
}

const overNeededText = ({ overNeeded }: Row): Child => (overNeeded === undefined ? '' : `${figure(overNeeded)}×`)

const timesText = (times: number | undefined): Child =>
  times === undefined ? '–' : h('span', {}, h('b', { class: times >= 1 ? 'faster' : '' }, `${figure(times)}×`), ' as fast')
