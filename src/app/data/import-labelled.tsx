/** The dialog between samples with labels and their training: samples as pictures, counts, classes, scaling and split. */
import { signal, useComputed, useSignal, type ReadonlySignal } from '@preact/signals'
import type { ComponentChildren, VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { labelledDataset } from '../../data/labelled-dataset.ts'
import { previewLabelled, type LabelledPreview } from '../../data/labelled-preview.ts'
import type { Labelled } from '../../data/labelled.ts'
import { splitSamples } from '../../data/split.ts'
import { message, type Message } from '../../words/say.ts'
import { showDialog } from '../ui/dialog.tsx'
import { tick } from '../words/format.ts'
import { t } from '../words/language.ts'
import { Done, ImportDialog, usePreview, useTraining, type Accept } from './import-dialog.tsx'
import { Option } from './import-option.tsx'
import { inputShapeOf, samplesAtHand, scaledChannels, sizeOf, type ImportedSamples } from './import-samples.ts'
import { SplitChoice, usualShare } from './import-split.tsx'
import { ClassCounts, Pictures } from './sample-pictures.tsx'
import { samplesScalingText } from './scaling-text.ts'
import { splitCounts } from './split-counts.ts'
import { startText } from './start-text.ts'
import { noteText } from './told.ts'
import { seed, useFitted } from './use-fitted.ts'

export function labelledDialog(labelled: Labelled, keepAxes: boolean, accept: Accept): void {
  const samples = signal(samplesAtHand(labelled))
  showDialog((close) => <LabelledImport samples={samples} keepAxes={keepAxes} accept={accept} close={close} />)
}

interface LabelledImportProps {
  /** Others once something is chosen that changes them. */
  samples: ReadonlySignal<ImportedSamples>
  /** Whether a sample keeps its axes, or becomes a row of numbers. */
  keepAxes: boolean
  accept: Accept
  close: () => void
  /** Further choices, before the others. */
  children?: ComponentChildren
}

export function LabelledImport({ samples, keepAxes, accept, close, children }: LabelledImportProps): VNode {
  const { head } = samples.value
  const { whole, test, classes } = head
  const isBytes = whole.samples.type === 'u8'
  const share = useSignal(test ? 0 : usualShare)
  const scaling = useSignal<'standardise' | 'none'>('standardise')
  const choices = useComputed(() => ({ samples: samples.value, share: share.value, scaling: scaling.value }))
  const fitted = useFitted(samples, keepAxes, share)
  const make = async () => {
    const chosen = choices.peek()
    return labelledDataset(chosen.samples.make(), { seed, scaling: chosen.scaling, keepAxes, testFraction: chosen.share / 100 })
  }
  const training = useTraining(choices, make, accept, close)
  const { preview: split, problem } = usePreview(() => splitOf(samples.value.head, share.value)).value
  const preview = useMemo(() => previewLabelled(head), [head])
  const start = (count: number) =>
    startText({
      inputShape: inputShapeOf(head, keepAxes),
      outputs: classes?.length ?? 1,
      train: { count, y: classes ? new Int32Array(0) : new Float32Array(0) },
    })
  const scalingNote = samplesScalingText(scaling.value, isBytes, scaledChannels(head, keepAxes), fitted.value)
  return (
    <ImportDialog
      title={whole.samples.name}
      note={split ? t('files.samples.note', { inputs: sizeOf(head), classes: classes?.length ?? null, ...split }) : ''}
      problem={problem}
      training={training}
      close={close}
    >
      <p class="quiet">{summaryOf(head, preview, keepAxes)}</p>
      <h3>{t(classes ? 'files.samples.shown' : 'files.samples.first')}</h3>
      <Pictures samples={samples.value} />
      {preview.classes && (
        <>
          <h3>{t('files.classes')}</h3>
          <ClassCounts counts={preview.classes} />
        </>
      )}
      <div class="options">
        {children}
        <Option
          text={t('files.scaling')}
          label={t('files.scaling.label')}
          options={[
            { value: 'standardise', text: t('files.scaling.standardise') },
            { value: 'none', text: t(isBytes ? 'files.scaling.unit' : 'files.scaling.none') },
          ]}
          value={scaling.value}
          onChange={(value) => (scaling.value = value)}
        />
        <SplitChoice label={t('files.split.samples')} ownTest={test?.samples.name} share={share} />
      </div>
      <Done notes={split ? [...(head.notes ?? []).map(noteText), scalingNote, start(split.train)] : []} />
    </ImportDialog>
  )
}

/** @throws InputError where no sample is left to train on */
function splitOf({ whole: { samples }, test }: Labelled, share: number): { train: number; test: number } {
  const [count = 0] = samples.shape
  if (test) return { train: count, test: test.samples.shape[0] ?? 0 }
  const counts = splitCounts(count, share / 100)
  // Refuses it in its own words.
  if (counts.train === 0) splitSamples(samples.name, count, { testFraction: share / 100 })
  return counts
}

function summaryOf(head: Labelled, preview: LabelledPreview, keepAxes: boolean): string {
  const count = preview.count + (preview.testCount ?? 0)
  const size = keepAxes ? imageSize(head.axes) : valuesSize(head.axes, preview)
  if (preview.classes) return t('files.samples.classes', { count, size, classes: preview.classes.length })
  const { least = NaN, greatest = NaN } = preview.targets ?? {}
  return t('files.samples.targets', { count, size, least: tick(least), greatest: tick(greatest) })
}

const valuesSize = (axes: readonly number[], { size, values }: LabelledPreview): Message =>
  message(axes.length > 1 ? 'files.size.pixels' : 'files.size.values', { size, values: noteText(values) })

/** Width first, as pictures are told. */
function imageSize([channels = 1, height = 1, width = 1]: readonly number[]): Message {
  if (channels === 1) return message('files.size.grey', { width, height })
  return channels === 3 ? message('files.size.colour', { width, height }) : message('files.size.channels', { width, height, channels })
}
