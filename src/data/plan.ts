/** What is to be done to a table before anything trains: which column is predicted, which are left out, how the others become features, which rows test. */
import { wrongIn } from '../errors.ts'
import { message, type Code, type Message } from '../words/say.ts'
import { fitColumn, isMissingAt, type Encoding } from './encode.ts'
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
  leftOut: { column: string; why: Message }[]
  /** Rows of the table. */
  train: Uint32Array<ArrayBuffer>
  test: Uint32Array<ArrayBuffer>
  rowsWithoutTarget: number
  notes: Message[]
}

/** The column of that name. @throws InputError naming the columns there are */
export function columnNamed(table: Table, name: string, use: Extract<Code, `use.${string}`>): Column {
  const column = table.columns.find((candidate) => candidate.name === name)
  if (!column)
    throw wrongIn(table.name, 'table.noColumn', { found: name, use: message(use), columns: table.columns.map((own) => own.name) })
  return column
}

/** @throws InputError when a named column does not exist, the target cannot be one, or no feature remains */
export function planTable(table: Table, options: PrepareOptions = {}): TablePlan {
  const targetColumn = options.target === undefined ? table.columns.at(-1)! : columnNamed(table, options.target, 'use.target')
  const drop = new Set(options.drop)
  for (const name of drop) columnNamed(table, name, 'use.leavingOut')
  if (drop.has(targetColumn.name)) throw wrongIn(table.name, 'table.targetLeftOut', { column: targetColumn.name })

  const rows = rowsWithTarget(table, targetColumn)
  if (rows.length === 0) throw wrongIn(message('place.target', { file: table.name, column: targetColumn.name }), 'table.nothingToPredict')
  const split = splitSamples(table.name, rows.length, options)
  const train = split.train.map((position) => rows[position]!)
  const test = split.test.map((position) => rows[position]!)
  const target = fitTarget(table, targetColumn, rows, train, options.task)

  const notes: Message[] = []
  const rowsWithoutTarget = table.rows - rows.length
  if (rowsWithoutTarget > 0) notes.push(message('note.noTarget', { count: rowsWithoutTarget, column: targetColumn.name }))
  const encodings: Encoding[] = []
  const leftOut: TablePlan['leftOut'] = []
  for (const column of table.columns) {
    if (column.kind === 'category' && column.odd)
      notes.push(message('note.odd', { column: column.name, text: column.odd.text, place: table.place(column.odd.row) }))
    if (column === targetColumn) continue
    if (drop.has(column.name)) {
      leftOut.push({ column: column.name, why: message('why.asked') })
      continue
    }
    const missing = rows.reduce((count, row) => count + (isMissingAt(column, row) ? 1 : 0), 0)
    const fitted = fitColumn(column, train, missing)
    if ('leftOut' in fitted) {
      leftOut.push({ column: column.name, why: fitted.leftOut })
      notes.push(message('note.leftOut', { column: column.name, why: fitted.leftOut }))
    } else {
      encodings.push(fitted)
      notes.push(...fitted.notes)
    }
  }
  if (encodings.length === 0)
    throw wrongIn(table.name, 'table.noFeature', {
      target: targetColumn.name,
      leftOut: leftOut.map((own) => message('table.leftOut', own)),
    })
  if (target.task === 'regression' && target.scaling) {
    const { mean, deviation } = target.scaling
    notes.push(
      message('note.target', {
        column: targetColumn.name,
        deviation: Number(deviation.toPrecision(4)),
        mean: Number(mean.toPrecision(4)),
      }),
    )
  }
  return { table, target, encodings, leftOut, train, test, rowsWithoutTarget, notes }
}
