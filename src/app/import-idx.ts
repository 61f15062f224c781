/** The dialog between dropped IDX files and their training: samples with their labels, counts, classes, scaling and split. */
import { idxDatasetOf, type IdxDatasetOptions } from '../data/idx-dataset.ts'
import type { IdxFiles } from '../data/idx-files.ts'
import { previewIdx, samplePicture, sampleRows } from '../data/idx-preview.ts'
import { h, replace, select, setText } from './dom.ts'
import * as format from './format.ts'
import { importDialog, startText, type Accept } from './import-dialog.ts'
import { splitChoice } from './import-split.ts'

const shownSamples = 30
/** CSS pixels of a sample's longer side. */
const pictureSize = 56
const samplesText = (count: number) => `${format.integer(count)} ${count === 1 ? 'sample' : 'samples'}`

export function idxDialog(files: IdxFiles, accept: Accept): void {
  const { whole, test } = files
  const preview = previewIdx(files)
  const options: IdxDatasetOptions = { seed: 1, scaling: 'standardise' }
  const bytes = whole.samples.type === 'u8'
  const notes = h('ul')
  const split = splitChoice('samples', test ? test.samples.name : null, () => show())
  const scaling = select(
    'Scaling of the values',
    [
      { value: 'standardise', text: 'to mean 0 and deviation 1' },
      { value: 'none', text: bytes ? 'from 0–255 to 0–1' : 'none: as in the file' },
    ] as const,
    'standardise',
    (value) => {
      options.scaling = value
      show()
    },
  )
  const make = () => idxDatasetOf(files, { ...options, testFraction: split.fraction })
  const { note, preview: shown } = importDialog(
    whole.samples.name,
    [
      h(
        'p',
        { class: 'quiet' },
        `${samplesText(preview.count + (preview.testCount ?? 0))} of ${preview.size} ${files.axes.length > 1 ? 'pixels' : 'values'} (${preview.values}), ${labelsText()}.`,
      ),
      h('h3', {}, preview.classes ? 'Samples of each class' : 'The first samples and their targets'),
      h('div', { class: 'samples' }, ...sampleRows(files, shownSamples).map(sample)),
      ...(preview.classes ? [h('h3', {}, 'Classes'), classes(preview.classes)] : []),
      h('div', { class: 'options' }, h('label', {}, 'Scaling', scaling), split.element),
      h('h3', {}, 'What will be done'),
      h('div', { class: 'notes', style: 'margin: 0' }, notes),
    ],
    () => Promise.resolve(make()),
    accept,
  )

  function labelsText() {
    if (preview.classes) return `${preview.classes.length} classes`
    return `targets from ${format.tick(preview.targets!.least)} to ${format.tick(preview.targets!.greatest)}`
  }

  function sample(row: number): HTMLElement {
    const { width, height, rgba } = samplePicture(files, row)
    const scale = pictureSize / Math.max(width, height)
    const canvas = h('canvas', { width, height, style: `width: ${width * scale}px; height: ${Math.max(6, height * scale)}px` })
    canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0)
    const label = whole.labels.values[row]!
    const text = files.classes?.[label] ?? format.tick(label)
    return h('figure', { title: `Sample ${row}, label ${text}` }, canvas, h('figcaption', {}, text))
  }

  function show() {
    shown(() => {
      const dataset = make()
      const { mean, deviation } = dataset.scaling!
      const lines = [
        options.scaling === 'standardise'
          ? `Every value x becomes (x${bytes ? ' / 255' : ''} − ${format.tick(mean[0]!)}) / ${format.tick(deviation[0]!)}: mean and deviation of the training part.`
          : bytes
            ? 'Every value is divided by 255.'
            : 'The values stay as they are.',
        startText(dataset),
      ]
      replace(notes, ...lines.map((line) => h('li', {}, line)))
      const inputs = dataset.inputShape[0]!
      const outputs = dataset.classes ? `${dataset.outputs} classes` : 'a number'
      setText(
        note,
        `${format.integer(inputs)} inputs → ${outputs}. Trains on ${samplesText(dataset.train.count)}, tests on ${dataset.test ? samplesText(dataset.test.count) : 'none'}.`,
      )
    })
  }
  show()
}

/** How many samples each class has, as bars. */
function classes(counts: { name: string; count: number }[]): HTMLElement {
  const most = Math.max(...counts.map(({ count }) => count))
  return h(
    'dl',
    { class: 'class-counts' },
    ...counts.map(({ name, count }) =>
      h(
        'div',
        {},
        h('dt', {}, name),
        h('dd', {}, h('i', { style: `width: calc((100% - 46px) * ${count / most})` }), h('span', {}, format.integer(count))),
      ),
    ),
  )
}
