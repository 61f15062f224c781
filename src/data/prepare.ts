import { wrongIn } from '../errors.ts'
import { message, type Message } from '../words/say.ts'
import { checkKind } from './encode.ts'
import { columnNamed, planTable, type PrepareOptions, type TablePlan } from './plan.ts'
import type { Table } from './table.ts'
import { encodeTarget, rowsWithTarget } from './target.ts'
import type { Dataset, Samples } from './types.ts'

export type { PrepareOptions } from './plan.ts'

/**
 * A table as a data set: features `[features]` in their own units with a scaling for each, fitted on the training part; numbers standardised, missing ones
 * replaced by the mean; categories one-hot; dates as year and as sine and cosine of the day of the year. Categories to predict become class indices, numbers
 * `[1]` a regression, standardised when they are far from 1.
 * @param test a table of its own to test on, in place of a share of this one
 * @throws InputError when the columns asked for do not exist or cannot serve
 */
export function prepareTable(table: Table, options: PrepareOptions = {}, test?: Table): Dataset {
  const plan = planTable(table, test ? { ...options, testFraction: 0 } : options)
  const { target, encodings } = plan
  const features = encodings.flatMap((encoding) => encoding.features)
  const notes = [...plan.notes]
  const train = samplesOf(plan, table, plan.train)
  const testSamples = test ? testSamplesOf(plan, test, notes) : plan.test.length > 0 ? samplesOf(plan, table, plan.test) : undefined
  return {
    name: table.name,
    inputShape: [features.length],
    outputs: target.task === 'classes' ? target.classes.length : 1,
    train,
    ...(testSamples && { test: testSamples }),
    scaling: {
      mean: Float32Array.from(features, ({ mean }) => mean),
      deviation: Float32Array.from(features, ({ deviation }) => deviation),
    },
    ...(target.task === 'classes' && { classes: target.classes }),
    ...(target.task === 'regression' &&
      target.scaling && {
        targetScaling: { mean: Float32Array.of(target.scaling.mean), deviation: Float32Array.of(target.scaling.deviation) },
      }),
    featureNames: features.map(({ name }) => name),
    targetNames: [target.column.name],
    notes,
  }
}

function samplesOf({ target, encodings }: TablePlan, table: Table, rows: Uint32Array<ArrayBuffer>): Samples {
  const columns = encodings.map(({ column }) => columnNamed(table, column, 'use.feature'))
  const width = encodings.reduce((sum, { features }) => sum + features.length, 0)
  const x = new Float32Array(rows.length * width)
  rows.forEach((row, i) => {
    let at = i * width
    encodings.forEach(({ features, write }, c) => {
      write(columns[c]!, row, x, at)
      at += features.length
    })
  })
  return { count: rows.length, x, y: encodeTarget(target, table, columnNamed(table, target.column.name, 'use.target'), rows) }
}

function testSamplesOf(plan: TablePlan, test: Table, notes: Message[]): Samples {
  const { name: column } = plan.target.column
  for (const name of [...plan.encodings.map((encoding) => encoding.column), column])
    checkKind(test.name, columnNamed(test, name, 'use.testing'), columnNamed(plan.table, name, 'use.training'))
  const rows = rowsWithTarget(test, columnNamed(test, column, 'use.target'))
  if (rows.length === 0) throw wrongIn(message('place.target', { file: test.name, column }), 'table.nothingToCompare')
  if (rows.length < test.rows) notes.push(message('note.noTargetIn', { file: test.name, count: test.rows - rows.length, column }))
  return samplesOf(plan, test, rows)
}
