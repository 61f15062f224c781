/** A table's columns as rows of the preview: what each holds, how it is scaled, what it becomes. */
import type { VNode } from 'preact'
import type { ColumnPreview } from '../../data/preview.ts'
import { integer } from '../words/format.ts'
import { t } from '../words/language.ts'
import { scalingText } from './scaling-text.ts'
import { noteText } from './told.ts'

const kinds = { numeric: 'files.column.numeric', category: 'files.column.category', date: 'files.column.date' } as const
/** What the cells hold after the box. */
const headings = ['column', 'kind', 'missing', 'scaling', 'examples', 'becomes'] as const

export interface ColumnsProps {
  columns: readonly ColumnPreview[]
  /** Whether it can be chosen to use a column. */
  mayUse: (column: ColumnPreview) => boolean
  isUsed: (column: ColumnPreview) => boolean
  use: (column: ColumnPreview, used: boolean) => void
}

export const Columns = ({ columns, mayUse, isUsed, use }: ColumnsProps): VNode => (
  <div class="table-frame as-cards">
    <table>
      <thead>
        <tr>
          {(['use', ...headings] as const).map((heading) => (
            <th key={heading} scope="col">
              {t(`files.columns.${heading}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => (
          <Row key={column.name} column={column} mayUse={mayUse(column)} isUsed={isUsed(column)} use={(used) => use(column, used)} />
        ))}
      </tbody>
    </table>
  </div>
)

interface RowProps {
  column: ColumnPreview
  mayUse: boolean
  isUsed: boolean
  use: (used: boolean) => void
}

function Row({ column, mayUse, isUsed, use }: RowProps): VNode {
  const isTarget = column.role === 'target'
  const texts: [text: string, dim: boolean][] = [
    [column.name, false],
    [t(kinds[column.kind]), true],
    [column.missing === 0 ? '–' : integer(column.missing), column.missing === 0],
    [scalingText(column), true],
    [column.examples.join(', '), true],
    [becomes(column), !isTarget],
  ]
  return (
    <tr class={isTarget ? 'target' : ''}>
      <td>
        <input
          type="checkbox"
          checked={isUsed}
          disabled={!mayUse}
          aria-label={t('files.column.use', { name: column.name })}
          onChange={(event) => use(event.currentTarget.checked)}
        />
      </td>
      {headings.map((heading, i) => {
        const [text, dim] = texts[i] ?? ['', true]
        return (
          <td key={heading} class={dim ? 'dim' : ''} title={text} data-heading={t(`files.columns.${heading}`)}>
            {text}
          </td>
        )
      })}
    </tr>
  )
}

function becomes({ role, why, features }: ColumnPreview): string {
  if (role === 'target') return t('files.column.target')
  if (why !== undefined) return noteText(why)
  return features.length > 3 ? t('files.column.inputs', { count: features.length }) : features.join(', ')
}
