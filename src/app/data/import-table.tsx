/** The dialog between a dropped table and its training: columns, missing values, scaling, target and split. */
import { useComputed, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { datasetFromFiles, tableFromFile } from '../../data/files.ts'
import { previewTable, type ColumnPreview, type TablePreview } from '../../data/preview.ts'
import type { DataFile } from '../../data/source.ts'
import type { Table } from '../../data/table.ts'
import type { Task } from '../../data/target.ts'
import { showDialog } from '../ui/dialog.tsx'
import { t } from '../words/language.ts'
import { Columns } from './import-columns.tsx'
import { Done, ImportDialog, usePreview, useTraining, type Accept } from './import-dialog.tsx'
import { Option } from './import-option.tsx'
import { SplitChoice, useRested, usualShare } from './import-split.tsx'
import { splitCounts } from './split-counts.ts'
import { startText } from './start-text.ts'
import { noteText } from './told.ts'

/** `test` is a table to test on that was dropped too. */
export function tableDialog(table: Table, file: DataFile, test: DataFile | undefined, accept: Accept): void {
  showDialog((close) => <TableImport table={table} file={file} test={test} accept={accept} close={close} />)
}

interface TableImportProps {
  table: Table
  file: DataFile
  test: DataFile | undefined
  accept: Accept
  close: () => void
}

interface Choices {
  /** Undefined: the last column. */
  target?: string
  /** Undefined: what the target is likely to be. */
  task?: Task
  /** Columns that are not used. */
  drop: readonly string[]
}

const optionsOf = ({ drop, ...choices }: Choices, share: number) => ({
  seed: 1,
  ...choices,
  drop: [...drop],
  testFraction: share / 100,
})

function TableImport({ table, file, test, accept, close }: TableImportProps): VNode {
  const choices = useSignal<Choices>({ drop: [] })
  const share = useSignal(test ? 0 : usualShare)
  const all = useComputed(() => ({ ...choices.value, share: share.value }))
  const rested = useRested(share)
  const make = async () => {
    const options = optionsOf(choices.peek(), share.peek())
    if (!test) return datasetFromFiles([file], options)
    await tableFromFile(test)
    return datasetFromFiles([file], { ...options, testFiles: [test] })
  }
  const training = useTraining(all, make, accept, close)
  const { preview: found, problem } = usePreview(() => {
    const { drop } = choices.value
    return { drop, preview: previewTable(table, optionsOf(choices.value, rested.value)) }
  }).value
  const {
    drop,
    target = found?.preview.target ?? table.columns.at(-1)?.name ?? '',
    task = found?.preview.task ?? 'regression',
  } = choices.value
  const mayUse = ({ role, name }: ColumnPreview) => role === 'feature' || (found?.drop.includes(name) ?? false)
  const choose = (change: Partial<Choices>) => (choices.value = { ...choices.value, ...change })
  const chooseTarget = (name: string) => {
    const { task: _, ...others } = choices.value
    choices.value = { ...others, target: name, drop: drop.filter((other) => other !== name) }
  }
  return (
    <ImportDialog
      title={file.name}
      note={found ? noteOf(found.preview, share.value, test !== undefined) : ''}
      problem={problem}
      training={training}
      close={close}
    >
      <p class="quiet">{found && summaryOf(found.preview)}</p>
      <h3>{t('files.columns')}</h3>
      <Columns
        columns={found?.preview.columns ?? []}
        mayUse={mayUse}
        isUsed={(column) => column.role === 'target' || (mayUse(column) && !drop.includes(column.name))}
        use={({ name }, used) => choose({ drop: used ? drop.filter((other) => other !== name) : [...drop, name] })}
      />
      <div class="options">
        <Option
          text={t('files.target')}
          label={t('files.target')}
          options={table.columns.map(({ name }) => ({ value: name, text: name }))}
          value={target}
          onChange={chooseTarget}
        />
        <Option
          text={t('files.task')}
          label={t('files.task.kind')}
          options={(['regression', 'classes'] as const).map((value) => ({ value, text: t(`files.task.${value}`) }))}
          value={task}
          onChange={(value) => choose({ task: value })}
        />
        <SplitChoice label={t('files.split.rows')} ownTest={test?.name} share={share} />
      </div>
      <Done notes={found ? [...found.preview.notes.map(noteText), startOf(found.preview)] : []} />
    </ImportDialog>
  )
}

const summaryOf = ({ rows, columns }: TablePreview): string =>
  t('files.table', { rows, columns: columns.length, missing: columns.reduce((sum, { missing }) => sum + missing, 0) })

const startOf = ({ features, classes, trainCount }: TablePreview): string =>
  startText({
    inputShape: [features],
    outputs: classes?.length ?? 1,
    train: { count: trainCount, y: classes ? new Int32Array(0) : new Float32Array(0) },
  })

/** Counted by the share as it is chosen; all else of the preview follows once that rests. */
function noteOf({ features, classes, rows, rowsWithoutTarget }: TablePreview, share: number, isTestedOnOther: boolean): string {
  const { train, test } = splitCounts(rows - rowsWithoutTarget, share / 100)
  const told = { inputs: features, classes: classes?.length ?? null, train }
  return isTestedOnOther ? t('files.table.noteOwn', told) : t('files.table.note', { ...told, test })
}
