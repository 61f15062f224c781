/** The dialog between a dropped table and its training: columns, missing values, scaling, target and split. */
import { datasetFromFiles, tableFromFile, type FilesOptions } from '../data/files.ts'
import { previewTable, type ColumnPreview, type TablePreview } from '../data/preview.ts'
import type { DataFile } from '../data/source.ts'
import type { Table } from '../data/table.ts'
import type { Dataset } from '../data/types.ts'
import { InputError } from '../errors.ts'
import { openDialog } from './dialog.ts'
import { h, replace, select, setText } from './dom.ts'
import * as format from './format.ts'

const rowCount = (count: number) => `${format.integer(count)} ${count === 1 ? 'row' : 'rows'}`
const kinds = { numeric: 'numbers', category: 'categories', date: 'dates' } as const

/** `files` are the table and, when it was dropped too, one to test on. `accept` answers with the sentence that refuses the data, or null. */
export function tableDialog(name: string, table: Table, files: DataFile[], accept: (dataset: Dataset) => Promise<string | null>): void {
  const ownTest = files.length > 1
  const options: FilesOptions & { drop: string[] } = { testFraction: ownTest ? 0 : 0.2, seed: 1, drop: [] }
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true })
  const summary = h('p', { class: 'quiet' })
  const rows = h('tbody')
  const notes = h('ul')
  const footNote = h('span', { class: 'note' })
  const train = h('button', { type: 'button', class: 'button primary', autofocus: true, onclick: () => void start() }, 'Train on this')
  const cancel = h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, 'Cancel')
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
  const fraction = h('output')
  const split = h('input', {
    type: 'range',
    min: 0,
    max: 50,
    step: 5,
    value: 20,
    disabled: ownTest,
    'aria-label': 'Share of the rows kept for testing, in percent',
    oninput: () => {
      options.testFraction = Number(split.value) / 100
      show()
    },
  })
  const dialog = openDialog(
    name,
    [
      summary,
      h('h3', {}, 'Columns'),
      h(
        'div',
        { class: 'table-frame' },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ...['Use', 'Column', 'Kind', 'Missing', 'Scaling', 'First values', 'Becomes'].map((text) => h('th', { scope: 'col' }, text)),
            ),
          ),
          rows,
        ),
      ),
      h(
        'div',
        { class: 'options' },
        h('label', {}, 'Column to predict', target),
        h('label', {}, 'It is', task),
        h('label', {}, h('span', {}, ownTest ? 'Tested on the other file' : 'Kept for testing: ', fraction), split),
      ),
      h('h3', {}, 'What will be done'),
      h('div', { class: 'notes', style: 'margin: 0' }, notes),
      problem,
    ],
    [footNote, cancel, train],
  )

  function refuse(message: string | null) {
    problem.hidden = message === null
    setText(problem, message ?? '')
    train.disabled = message !== null
  }

  function show() {
    setText(fraction, ownTest ? '' : `${split.value} %`)
    split.style.setProperty('--filled', `${Number(split.value) * 2}%`)
    let preview: TablePreview
    try {
      preview = previewTable(table, options)
      refuse(null)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return refuse(error.message)
    }
    target.value = preview.target
    task.value = preview.task
    const missing = preview.columns.reduce((sum, column) => sum + column.missing, 0)
    setText(
      summary,
      `${format.integer(preview.rows)} rows, ${preview.columns.length} columns, ${missing === 0 ? 'no value missing' : `${format.integer(missing)} values missing`}.`,
    )
    replace(rows, ...preview.columns.map((column) => columnRow(column)))
    const lines = preview.notes.length > 0 ? preview.notes : ['Nothing needs mending.']
    replace(notes, ...lines.map((line) => h('li', {}, line)))
    const outputs = preview.task === 'classes' ? `${preview.classes?.length ?? 0} classes` : 'a number'
    const test = ownTest ? 'the other file' : rowCount(preview.testCount)
    setText(footNote, `${preview.features} inputs → ${outputs}. Trains on ${rowCount(preview.trainCount)}, tests on ${test}.`)
  }

  function columnRow(column: ColumnPreview): HTMLElement {
    const isTarget = column.role === 'target'
    const use = h('input', {
      type: 'checkbox',
      checked: column.role === 'feature' || isTarget,
      disabled: isTarget || (column.role === 'left out' && !options.drop.includes(column.name)),
      'aria-label': `Use column ${column.name}`,
      onchange: () => {
        options.drop = use.checked ? options.drop.filter((other) => other !== column.name) : [...options.drop, column.name]
        show()
      },
    })
    const scaling = column.mean === undefined ? '–' : `(x − ${format.short(column.mean)}) / ${format.short(column.deviation)}`
    const becomes = isTarget
      ? 'the target'
      : (column.why ?? (column.features.length > 3 ? `${column.features.length} inputs` : column.features.join(', ')))
    const cell = (text: string, dim = false) => h('td', { class: dim ? 'dim' : '', title: text }, text)
    return h(
      'tr',
      { class: isTarget ? 'target' : '' },
      h('td', {}, use),
      cell(column.name),
      cell(kinds[column.kind], true),
      cell(column.missing === 0 ? '–' : format.integer(column.missing), column.missing === 0),
      cell(scaling, true),
      cell(column.examples.join(', '), true),
      cell(becomes, !isTarget),
    )
  }

  async function start() {
    train.disabled = true
    try {
      if (ownTest) await tableFromFile(files[1]!)
      const refused = await accept(await datasetFromFiles(files.slice(0, 1), ownTest ? { ...options, testFiles: files.slice(1) } : options))
      if (refused === null) dialog.close()
      else refuse(refused)
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error))
    }
  }
  show()
}
