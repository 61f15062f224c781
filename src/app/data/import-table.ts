/** The dialog between a dropped table and its training: columns, missing values, scaling, target and split. */
import { render } from 'preact'
import { datasetFromFiles, tableFromFile, type FilesOptions } from '../../data/files.ts'
import { previewTable, type TablePreview } from '../../data/preview.ts'
import type { DataFile } from '../../data/source.ts'
import type { Table } from '../../data/table.ts'
import { h, replace, select, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { columnRow, headings } from './import-columns.ts'
import { importDialog, startText, type Accept } from './import-dialog.ts'
import { splitChoice } from './import-split.ts'
import { said } from '../words/language.ts'

const rowCount = (count: number) => `${format.integer(count)} ${count === 1 ? 'row' : 'rows'}`

/** `files` are the table and, when it was dropped too, one to test on. */
export function tableDialog(table: Table, files: DataFile[], accept: Accept): void {
  const [file, ownTest] = files as [DataFile, DataFile?]
  const options: FilesOptions & { drop: string[] } = { seed: 1, drop: [] }
  const summary = h('p', { class: 'quiet' })
  const rows = h('tbody')
  const notes = h('ul')
  const target = select(
    'Column to predict',
    table.columns.map((column) => ({ value: column.name, text: column.name })),
    table.columns.at(-1)?.name ?? '',
    (value) => {
      options.target = value
      options.drop = options.drop.filter((other) => other !== value)
      delete options.task
      show()
    },
  )
  const task = select(
    'Kind of prediction',
    [
      { value: 'regression', text: 'a number (regression)' },
      { value: 'classes', text: 'one of several classes' },
    ] as const,
    'regression',
    (value) => {
      options.task = value
      show()
    },
  )
  const split = splitChoice('rows', ownTest ? ownTest.name : null, () => show())
  const { note, preview: shown } = importDialog(
    file.name,
    [
      summary,
      h('h3', {}, 'Columns'),
      h(
        'div',
        { class: 'table-frame as-cards' },
        h('table', {}, h('thead', {}, h('tr', {}, ...headings.map((text) => h('th', { scope: 'col' }, text)))), rows),
      ),
      h('div', { class: 'options' }, h('label', {}, 'Column to predict', target), h('label', {}, 'It is', task), split.element),
      h('h3', {}, 'What will be done'),
      h('div', { class: 'notes', style: 'margin: 0' }, notes),
    ],
    async () => {
      if (!ownTest) return datasetFromFiles([file], { ...options, testFraction: split.fraction })
      await tableFromFile(ownTest)
      return datasetFromFiles([file], { ...options, testFiles: files.slice(1) })
    },
    accept,
  )

  function show() {
    shown(() => {
      const preview = previewTable(table, { ...options, testFraction: split.fraction })
      target.value = preview.target
      task.value = preview.task
      tell(preview)
    })
  }

  function tell(preview: TablePreview) {
    const missing = preview.columns.reduce((sum, column) => sum + column.missing, 0)
    setText(
      summary,
      `${rowCount(preview.rows)}, ${preview.columns.length} columns, ${missing === 0 ? 'no value' : `${format.integer(missing)} ${missing === 1 ? 'value' : 'values'}`} missing.`,
    )
    render(
      preview.columns.map((column) => {
        const mayUse = column.role === 'feature' || (column.role === 'left out' && options.drop.includes(column.name))
        return columnRow(column, mayUse, (used) => {
          options.drop = used ? options.drop.filter((other) => other !== column.name) : [...options.drop, column.name]
          show()
        })
      }),
      rows,
    )
    const start = startText({
      inputShape: [preview.features],
      outputs: preview.classes?.length ?? 1,
      train: { count: preview.trainCount, y: preview.classes ? new Int32Array(0) : new Float32Array(0) },
    })
    replace(notes, ...[...preview.notes.map(said), start].map((line) => h('li', {}, line)))
    const outputs = preview.task === 'classes' ? `${preview.classes?.length ?? 0} classes` : 'a number'
    const test = ownTest ? 'the other file' : rowCount(preview.testCount)
    setText(note, `${format.integer(preview.features)} inputs → ${outputs}. Trains on ${rowCount(preview.trainCount)}, tests on ${test}.`)
  }
  show()
}
