/** The dialog between samples with labels and their training: samples as pictures, counts, classes, scaling and split. */
import { labelledDataset, type LabelledOptions } from '../../data/labelled-dataset.ts'
import { previewLabelled, samplePicture, sampleRows } from '../../data/labelled-preview.ts'
import type { Labelled } from '../../data/labelled.ts'
import { h, replace, select, setText, type Child } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { importDialog, startText, type Accept } from './import-dialog.ts'
import { splitChoice } from './import-split.ts'
import { said } from '../words/language.ts'

const shownSamples = 30
/** CSS pixels of a sample's longer side. */
const pictureSize = 56
const samplesText = (count: number) => `${format.integer(count)} ${count === 1 ? 'sample' : 'samples'}`

export interface LabelledChoice extends Pick<LabelledOptions, 'keepAxes'> {
  /** Further choices, which `changed` brings into the preview. */
  controls?: (changed: (labelled: Labelled) => void) => Child[]
}

export function labelledDialog(first: Labelled, { keepAxes = false, controls }: LabelledChoice, accept: Accept): void {
  let labelled = first
  const { whole, test, classes } = labelled
  const preview = previewLabelled(labelled)
  const options: LabelledOptions = { seed: 1, scaling: 'standardise', keepAxes }
  const bytes = whole.samples.type === 'u8'
  const notes = h('ul')
  const summary = h('p', { class: 'quiet' })
  const pictures = h('div', { class: 'samples' })
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
  const make = () => labelledDataset(labelled, { ...options, testFraction: split.fraction })
  const changed = (now: Labelled) => {
    labelled = now
    draw()
    show()
  }
  const { note, preview: shown } = importDialog(
    whole.samples.name,
    [
      summary,
      h('h3', {}, classes ? 'Samples of each class' : 'The first samples and their targets'),
      pictures,
      ...(preview.classes ? [h('h3', {}, 'Classes'), classCounts(preview.classes)] : []),
      h('div', { class: 'options' }, ...(controls?.(changed) ?? []), h('label', {}, 'Scaling', scaling), split.element),
      h('h3', {}, 'What will be done'),
      h('div', { class: 'notes', style: 'margin: 0' }, notes),
    ],
    () => Promise.resolve(make()),
    accept,
  )

  function draw() {
    const { axes } = labelled
    const size = keepAxes ? imageText(axes) : `${preview.size} ${axes.length > 1 ? 'pixels' : 'values'} (${said(preview.values)})`
    setText(summary, `${samplesText(preview.count + (preview.testCount ?? 0))} of ${size}, ${labelsText()}.`)
    replace(pictures, ...sampleRows(labelled, shownSamples).map(sample))
  }

  function labelsText() {
    if (preview.classes) return `${preview.classes.length} classes`
    return `targets from ${format.tick(preview.targets!.least)} to ${format.tick(preview.targets!.greatest)}`
  }

  function sample(row: number): HTMLElement {
    const { width, height, rgba } = samplePicture(labelled, row)
    const scale = pictureSize / Math.max(width, height)
    const canvas = h('canvas', { width, height, style: `width: ${width * scale}px; height: ${Math.max(6, height * scale)}px` })
    canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0)
    const label = whole.labels.values[row]!
    const text = classes?.[label] ?? format.tick(label)
    return h('figure', { title: `Sample ${row}, label ${text}` }, canvas, h('figcaption', {}, text))
  }

  function show() {
    shown(() => {
      const dataset = make()
      const lines = [...(labelled.notes ?? []).map(said), scalingText(dataset.scaling!), startText(dataset)]
      replace(notes, ...lines.map((line) => h('li', {}, line)))
      const inputs = dataset.inputShape.reduce((product, size) => product * size, 1)
      const outputs = dataset.classes ? `${dataset.outputs} classes` : 'a number'
      setText(
        note,
        `${format.integer(inputs)} inputs → ${outputs}. Trains on ${samplesText(dataset.train.count)}, tests on ${dataset.test ? samplesText(dataset.test.count) : 'none'}.`,
      )
    })
  }

  function scalingText({ mean, deviation }: { mean: Float32Array; deviation: Float32Array }) {
    if (options.scaling === 'none') return bytes ? 'Every value is divided by 255.' : 'The values stay as they are.'
    const x = bytes ? 'x / 255' : 'x'
    if (mean.length === 1)
      return `Every value x becomes (${x} − ${format.tick(mean[0]!)}) / ${format.tick(deviation[0]!)}: mean and deviation of the training part.`
    const channels = Array.from(mean, (own, channel) => `(${x} − ${format.tick(own)}) / ${format.tick(deviation[channel]!)}`)
    return `The values x of each channel become ${channels.join(', ')}: its mean and deviation in the training part.`
  }

  draw()
  show()
}

/** `32 × 32 pixels in colour`, width first as pictures are told. */
function imageText([channels, height, width]: number[]): string {
  const colours = channels === 1 ? 'in grey' : channels === 3 ? 'in colour' : `in ${channels} channels`
  return `${width} × ${height} pixels ${colours}`
}

/** How many samples each class has, as bars. */
function classCounts(counts: { name: string; count: number }[]): HTMLElement {
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
