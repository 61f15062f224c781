/** What is to be done to a table before anything trains: which column is predicted, which are left out, how the others become features, which rows test. */
import { InputError } from '../errors.ts'
import { counted, fitColumn, isMissingAt, type Encoding } from './encode.ts'
import { splitSamples, type SplitOptions } from './split.ts'
import type { Column, Table } from './table.ts'
import { fitTarget, rowsWithTarget, type Target, type Task } from './target.ts'

export interface PrepareOptions extends SplitOptions {
  /** Name of the column to predict; the last one by default. */
  target?: string
  /** Columns that the network is not to see. */
  drop?: string[]
  /** Numbers as classes; by default numbers are a regression and categories classes. */
  task?: Task
}

export interface TablePlan {
  table: Table
  target: Target
  encodings: Encoding[]
  leftOut: { column: string; why: string }[]
  /** Rows of the table. */
  train: Uint32Array<ArrayBuffer>
  test: Uint32Array<ArrayBuffer>
  rowsWithoutTarget: number
  notes: string[]
}

/** The column of that name. @throws InputError naming the columns there are */
export function columnNamed(table: Table, name: string, use: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name)
  if (!column)
    throw new InputError(
      `${table.name}: found no column "${name}" for ${use}, expected one of ${table.columns.map((c) => `"${c.name}"`).join(', ')}.`,
    )
  return column
}

/** @throws InputError when a named column does not exist, the target cannot be one, or no feature remains */
export function planTable(table: Table, options: PrepareOptions = {}): TablePlan {
  const targetColumn = options.target === undefined ? table.columns.at(-1)! : columnNamed(table, options.target, 'the target')
  const drop = new Set(options.drop)
  for (const name of drop) columnNamed(table, name, 'leaving out')
  if (drop.has(targetColumn.name))
    throw new InputError(`${table.name}: found column "${targetColumn.name}" both as target and left out, expected one of the two.`)

  const rows = rowsWithTarget(table, targetColumn)
  if (rows.length === 0)
    throw new InputError(`${table.name}, target column "${targetColumn.name}": found no value in any row, expected values to predict.`)
  const split = splitSamples(table.name, rows.length, options)
  const train = split.train.map((position) => rows[position]!)
  const test = split.test.map((position) => rows[position]!)
  const target = fitTarget(table, targetColumn, rows, train, options.task)

  const notes: string[] = []
  const rowsWithoutTarget = table.rows - rows.length
  if (rowsWithoutTarget > 0) notes.push(`${counted(rowsWithoutTarget, 'row')} without a value for "${targetColumn.name}" left out.`)
  const encodings: Encoding[] = []
  const leftOut: TablePlan['leftOut'] = []
  for (const column of table.columns) {
    if (column.kind === 'category' && column.odd)
      notes.push(`"${column.name}" holds "${column.odd.text}" at ${table.place(column.odd.row)} among numbers and is read as categories.`)
    if (column === targetColumn) continue
    if (drop.has(column.name)) {
      leftOut.push({ column: column.name, why: 'as asked' })
      continue
    }
    const missing = rows.reduce((count, row) => count + (isMissingAt(column, row) ? 1 : 0), 0)
    const fitted = fitColumn(column, train, missing)
    if ('leftOut' in fitted) {
      leftOut.push({ column: column.name, why: fitted.leftOut })
      notes.push(`"${column.name}" left out: ${fitted.leftOut}.`)
    } else {
      encodings.push(fitted)
      notes.push(...fitted.notes)
    }
  }
  if (encodings.length === 0)
    throw new InputError(
      `${table.name}: found no column to learn from besides the target "${targetColumn.name}", expected at least one${leftOut.length > 0 ? ` (left out: ${leftOut.map(({ column, why }) => `"${column}", ${why}`).join('; ')})` : ''}.`,
    )
  if (target.task === 'regression' && target.scaling) {
    const { mean, deviation } = target.scaling
    notes.push(
      `The target "${targetColumn.name}" is standardised: ${targetColumn.name} = output · ${Number(deviation.toPrecision(4))} + ${Number(mean.toPrecision(4))}.`,
    )
  }
  return { table, target, encodings, leftOut, train, test, rowsWithoutTarget, notes }
}
