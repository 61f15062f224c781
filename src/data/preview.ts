import type { Message } from '../words/say.ts'
import { planTable, type PrepareOptions } from './plan.ts'
import type { Column, Table } from './table.ts'
import type { Task } from './target.ts'

export interface ColumnPreview {
  name: string
  kind: Column['kind']
  missing: number
  examples: string[]
  role: 'feature' | 'target' | 'left out'
  /** Why a column is left out. */
  why?: Message
  /** Names of the features it becomes. */
  features: string[]
  /** Of a column of numbers, or of a date's year, in the training part; of a regression's target when it is standardised. */
  mean?: number
  deviation?: number
}

export interface TablePreview {
  name: string
  rows: number
  columns: ColumnPreview[]
  target: string
  task: Task
  /** Of classes: their names. */
  classes?: string[]
  features: number
  trainCount: number
  testCount: number
  rowsWithoutTarget: number
  /** What will be done to the table. */
  notes: Message[]
}

/**
 * What `prepareTable` would do, told without doing it.
 * @throws InputError as `prepareTable` does
 */
export function previewTable(table: Table, options: PrepareOptions = {}): TablePreview {
  const { target, encodings, leftOut, train, test, rowsWithoutTarget, notes } = planTable(table, options)
  const columns = table.columns.map((column): ColumnPreview => {
    const { name, kind, missing, examples } = column
    const told = { name, kind, missing, examples }
    if (column === target.column) return { ...told, role: 'target', features: [], ...(target.task === 'regression' && target.scaling) }
    const encoding = encodings.find((candidate) => candidate.column === name)
    if (!encoding) return { ...told, role: 'left out', why: leftOut.find((candidate) => candidate.column === name)!.why, features: [] }
    const [first] = encoding.features
    const scaling = kind === 'category' ? {} : { mean: first!.mean, deviation: first!.deviation }
    return { ...told, role: 'feature', features: encoding.features.map((feature) => feature.name), ...scaling }
  })
  return {
    name: table.name,
    rows: table.rows,
    columns,
    target: target.column.name,
    task: target.task,
    ...(target.task === 'classes' && { classes: target.classes }),
    features: encodings.reduce((sum, { features }) => sum + features.length, 0),
    trainCount: train.length,
    testCount: test.length,
    rowsWithoutTarget,
    notes,
  }
}
