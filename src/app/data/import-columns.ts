/** A table's columns as rows of the preview: what each holds, how it is scaled, what it becomes. */
import type { VNode } from 'preact'
import type { ColumnPreview } from '../../data/preview.ts'
import * as format from '../words/format.ts'
import { v } from '../ui/vnode.ts'
import { said } from '../words/language.ts'

const kinds = { numeric: 'numbers', category: 'categories', date: 'dates' } as const
export const headings = ['Use', 'Column', 'Kind', 'Missing', 'Scaling', 'First values', 'Becomes'] as const

/** `(x − 5.84) / 0.828`; of dates their year. */
export function scalingText({ kind, mean, deviation }: Pick<ColumnPreview, 'kind' | 'mean' | 'deviation'>): string {
  if (mean === undefined || deviation === undefined) return '–'
  const year = kind === 'date'
  const size = year ? String(Number(Math.abs(mean).toFixed(1))) : format.tick(Math.abs(mean))
  const centred = mean === 0 ? (year ? 'year' : 'x') : `${year ? 'year' : 'x'} ${mean < 0 ? '+' : '−'} ${size}`
  return deviation === 1 ? centred : `(${centred}) / ${format.tick(deviation)}`
}

/** `use` is told whether the column is to be used; `mayUse` says whether that can be chosen. */
export function columnRow(column: ColumnPreview, mayUse: boolean, use: (used: boolean) => void): VNode {
  const isTarget = column.role === 'target'
  const box = v('input', {
    type: 'checkbox',
    checked: column.role === 'feature' || isTarget,
    disabled: !mayUse,
    'aria-label': `Use column ${column.name}`,
    onchange: (event: Event) => use((event.target as HTMLInputElement).checked),
  })
  const becomes = isTarget
    ? 'the target'
    : ((column.why && said(column.why)) ?? (column.features.length > 3 ? `${column.features.length} inputs` : column.features.join(', ')))
  const texts: [text: string, dim: boolean][] = [
    [column.name, false],
    [kinds[column.kind], true],
    [column.missing === 0 ? '–' : format.integer(column.missing), column.missing === 0],
    [scalingText(column), true],
    [column.examples.join(', '), true],
    [becomes, !isTarget],
  ]
  return v(
    'tr',
    { key: column.name, class: isTarget ? 'target' : '' },
    v('td', {}, box),
    ...texts.map(([text, dim], i) => v('td', { class: dim ? 'dim' : '', title: text, 'data-heading': headings[i + 1] }, text)),
  )
}
