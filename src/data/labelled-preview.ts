/** What samples with labels are, told before anything trains: counts, classes, and samples as pictures. */
import { message, type Message } from '../words/say.ts'
import type { Labelled, LabelledPart, SampleArray } from './labelled.ts'

export interface LabelledPreview {
  count: number
  /** Of test files; of none, a share of `count` is kept. */
  testCount?: number
  /** Sizes of a sample: `28 × 28`. */
  size: string
  /** Bytes, or numbers between their least and greatest. */
  values: Message
  /** How many samples of each class, tests included. */
  classes?: { name: string; count: number }[]
  /** Least and greatest target, where labels are no classes. */
  targets?: { least: number; greatest: number }
}

export function previewLabelled({ whole, test, axes, classes }: Labelled): LabelledPreview {
  const { samples, labels } = whole
  return {
    count: samples.shape[0]!,
    ...(test && { testCount: test.samples.shape[0]! }),
    size: axes.join(' × '),
    values: samples.type === 'u8' ? message('note.bytes') : rangeText(samples),
    ...(classes ? { classes: classCounts(classes, [whole, ...(test ? [test] : [])]) } : { targets: rangeOf(labels.values) }),
  }
}

function rangeText({ values }: SampleArray): Message {
  const { least, greatest } = rangeOf(values)
  return message('note.numbers', { least: Number(least.toPrecision(3)), greatest: Number(greatest.toPrecision(3)) })
}

function rangeOf(values: SampleArray['values']): { least: number; greatest: number } {
  let [least, greatest] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!)
    greatest = Math.max(greatest, values[i]!)
  }
  return { least, greatest }
}

function classCounts(classes: string[], parts: LabelledPart[]): { name: string; count: number }[] {
  const counts = classes.map((name) => ({ name, count: 0 }))
  for (const { labels } of parts) for (const label of labels.values) counts[label]!.count++
  return counts
}

/** The first samples of each class in turn, `most` at most, in the order of their classes; the first of all where there are none. */
export function sampleRows({ whole, classes }: Labelled, most: number): number[] {
  const { labels } = whole
  if (!classes) return Array.from({ length: Math.min(most, labels.values.length) }, (_, row) => row)
  const rows = classes.map((): number[] => [])
  const each = Math.ceil(most / classes.length)
  let wanting = classes.length * each
  for (let row = 0; row < labels.values.length && wanting > 0; row++) {
    const own = rows[labels.values[row]!]!
    if (own.length === each) continue
    own.push(row)
    wanting--
  }
  const shown: number[] = []
  for (let turn = 0; turn < each; turn++) for (const own of rows) if (own[turn] !== undefined && shown.length < most) shown.push(own[turn]!)
  return shown.toSorted((a, b) => labels.values[a]! - labels.values[b]! || a - b)
}

export interface SamplePicture {
  width: number
  height: number
  rgba: Uint8ClampedArray<ArrayBuffer>
}

/** Height, width and colours of a sample, and how far apart its colours and its pixels lie in it. A row of numbers is a strip. */
function planesOf(axes: number[]) {
  const [first = 1, second = 1, third = 1] = axes
  if (axes.length === 3 && third === 3 && first !== 3) return { height: first, width: second, colours: 3, colourStep: 1, pixelStep: 3 }
  if (axes.length === 3) return { height: second, width: third, colours: first === 3 ? 3 : 1, colourStep: second * third, pixelStep: 1 }
  if (axes.length === 2) return { height: first, width: second, colours: 1, colourStep: 0, pixelStep: 1 }
  const width = axes.reduce((product, size) => product * size, 1)
  return { height: 1, width, colours: 1, colourStep: 0, pixelStep: 1 }
}

/** A sample as a picture: bytes as they are, other numbers from the sample's least (black) to its greatest (white). */
export function samplePicture({ whole: { samples }, axes }: Labelled, row: number): SamplePicture {
  const { height, width, colours, colourStep, pixelStep } = planesOf(axes)
  const length = axes.reduce((product, size) => product * size, 1)
  const values = samples.values.subarray(row * length, (row + 1) * length)
  const { least, greatest } = samples.type === 'u8' ? { least: 0, greatest: 255 } : rangeOf(values)
  const scale = greatest > least ? 255 / (greatest - least) : 0
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255)
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let colour = 0; colour < 3; colour++)
      rgba[4 * pixel + colour] = (values[pixel * pixelStep + (colours === 3 ? colour : 0) * colourStep]! - least) * scale
  return { width, height, rgba }
}
