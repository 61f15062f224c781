/** The column that a network is to predict, as class indices or as numbers. */
import { wrongIn } from '../errors.ts'
import { message } from '../words/say.ts'
import { isMissingAt, repeats, textOf } from './encode.ts'
import { momentsOf } from './scaling.ts'
import type { Column, Table } from './table.ts'

export type Task = 'classes' | 'regression'

export interface ClassTarget {
  task: 'classes'
  column: Column
  classes: string[]
}
export interface NumericTarget {
  task: 'regression'
  column: Column
  /** Standardised when the numbers are far from 1; target = y · deviation + mean. */
  scaling?: { mean: number; deviation: number }
}
export type Target = ClassTarget | NumericTarget

/** Numbers with |mean| or deviation above this, or a deviation below its inverse, are standardised: a network begins with outputs near 1. */
const largeTarget = 10

/**
 * Categories become classes and numbers a regression, unless `task` says otherwise.
 * @param rows the rows in use, none of which lacks a target
 * @param train the training rows, on which scaling is fitted
 * @throws InputError when the column cannot be a target
 */
export function fitTarget(table: Table, column: Column, rows: Uint32Array, train: Uint32Array, task?: Task): Target {
  const where = message('place.target', { file: table.name, column: column.name })
  if (column.kind === 'date') throw wrongIn(where, 'target.dates')
  if ((task ?? (column.kind === 'category' ? 'classes' : 'regression')) === 'classes') {
    const classes = [...new Set(Array.from(rows, (row) => textOf(column, row)!))]
    if (column.kind === 'category') classes.sort()
    else classes.sort((a, b) => Number(a) - Number(b))
    if (classes.length < 2) throw wrongIn(where, 'target.oneClass', { found: classes[0]! })
    if (!repeats(classes.length, rows.length)) throw wrongIn(where, 'target.names', { kinds: classes.length, rows: rows.length })
    return { task: 'classes', column, classes }
  }
  if (column.kind === 'category') {
    const { odd, examples } = column
    throw odd
      ? wrongIn(where, 'target.odd', { text: odd.text, place: table.place(odd.row) })
      : wrongIn(where, 'target.text', { text: examples[0]! })
  }
  const { mean, deviation } = momentsOf(Float64Array.from(train, (row) => column.values[row]!))
  const isFar = Math.abs(mean) > largeTarget || deviation > largeTarget || deviation < 1 / largeTarget
  return { task: 'regression', column, ...(isFar && { scaling: { mean, deviation: Math.fround(deviation) > 0 ? deviation : 1 } }) }
}

/** Class indices `[rows]` or numbers `[rows, 1]`. @throws InputError on a class that is not among the target's */
export function encodeTarget(
  target: Target,
  table: Table,
  column: Column,
  rows: Uint32Array,
): Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer> {
  if (target.task === 'regression') {
    const { mean, deviation } = target.scaling ?? { mean: 0, deviation: 1 }
    return Float32Array.from(rows, (row) => (column.kind === 'category' ? NaN : (column.values[row]! - mean) / deviation))
  }
  const index = new Map(target.classes.map((name, i) => [name, i]))
  return Int32Array.from(rows, (row) => {
    const text = textOf(column, row)!
    const found = index.get(text)
    if (found === undefined)
      throw wrongIn(message('place.cell', { file: table.name, place: table.place(row), column: column.name }), 'target.unknown', {
        found: text,
        classes: target.classes,
      })
    return found
  })
}

/** Rows that hold a target. */
export const rowsWithTarget = (table: Table, column: Column): Uint32Array<ArrayBuffer> =>
  Uint32Array.from(Array.from({ length: table.rows }, (_, row) => row).filter((row) => !isMissingAt(column, row)))
