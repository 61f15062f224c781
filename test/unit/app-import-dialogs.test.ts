/** The dialogs of own data on a page without a browser. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { imagesDialog } from '../../src/app/data/import-images.tsx'
import { labelledDialog } from '../../src/app/data/import-labelled.tsx'
import { tableDialog } from '../../src/app/data/import-table.tsx'
import { speak } from '../../src/app/words/language.ts'
import { parseCsv } from '../../src/data/csv.ts'
import type { ImageSet } from '../../src/data/image-set.ts'
import * as labelledDatasets from '../../src/data/labelled-dataset.ts'
import type { Labelled } from '../../src/data/labelled.ts'
import type { Dataset } from '../../src/data/types.ts'
import { drawn, fakeDom, type FakeElement } from './fake-dom.ts'

vi.mock(import('../../src/data/labelled-dataset.ts'), { spy: true })

let body: FakeElement
beforeEach(() => {
  body = fakeDom().body
  vi.clearAllMocks()
})
afterEach(() => {
  body.querySelector('dialog')?.close()
  vi.unstubAllGlobals()
})
const text = (selector: string) => body.querySelector(selector)?.textContent
const noteText = () => text('dialog .note')
async function slide(percent: number): Promise<void> {
  const slider = body.querySelector('input[type=range]')!
  slider.value = String(percent)
  slider.fire('input')
  await drawn()
}
async function select(label: string, value: string): Promise<void> {
  const list = body.querySelector(`select[aria-label="${label}"]`)!
  list.value = value
  list.fire('change')
  await new Promise(setImmediate)
}

const csv = (content: string, name = 'points.csv') => ({ name, bytes: new TextEncoder().encode(content) })
const points = csv(`a,b,kind\n${Array.from({ length: 24 }, (_, i) => `${i},${(i * 7) % 5},${i % 2 ? 'x' : 'y'}`).join('\n')}\n`)
const tableOf = ({ name, bytes }: ReturnType<typeof csv>) => parseCsv(name, bytes)

describe('a table', () => {
  test('is shown column by column, and trains as was chosen', async () => {
    const trained: Dataset[] = []
    tableDialog(tableOf(points), points, undefined, async (dataset) => {
      trained.push(dataset)
      return null
    })
    expect(text('h2')).toBe('points.csv')
    expect(text('.quiet')).toBe('24 rows, 3 columns, no value missing.')
    expect(noteText()).toBe('2 inputs → 2 classes. Trains on 19 rows, tests on 5 rows.')
    expect(body.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('td').at(-1)?.textContent)).toEqual(['a', 'b', 'the target'])
    await slide(40)
    expect(noteText()).toBe('2 inputs → 2 classes. Trains on 14 rows, tests on 10 rows.')
    const use = body.querySelector('input[aria-label="Use column b"]')!
    use.checked = false
    use.fire('change')
    await drawn()
    expect(noteText()).toContain('1 input → 2 classes.')
    expect(text('tbody')).toContain('as asked')
    body.querySelector('button.primary')!.fire('click')
    await drawn(20)
    expect(trained.map(({ inputShape, train, test: held }) => [inputShape, train.count, held?.count])).toEqual([[[1], 14, 10]])
    expect(body.childNodes).toEqual([])
  })

  test('that cannot train as chosen says why, and keeps what was chosen before', async () => {
    tableDialog(tableOf(points), points, undefined, async () => null)
    await select('Column to predict', 'a')
    await select('Kind of prediction', 'classes')
    expect(text('.problem')).toContain('target column "a": found 24 different values')
    expect(body.querySelector('button.primary')!.getAttribute('aria-disabled')).toBe('true')
    expect(noteText()).toContain('→ a number.')
    await select('Kind of prediction', 'regression')
    expect(text('.problem')).toBe('')
    expect(body.querySelector('button.primary')!.getAttribute('aria-disabled')).toBe('false')
  })

  test('that the run refuses says why until something else is chosen', async () => {
    tableDialog(tableOf(points), points, undefined, async () => 'The GPU was lost.')
    body.querySelector('button.primary')!.fire('click')
    await drawn(20)
    expect(text('.problem')).toBe('The GPU was lost.')
    await slide(30)
    expect(text('.problem')).toBe('')
  })

  test('speaks the language that is chosen while it is open', async () => {
    tableDialog(tableOf(points), points, csv('a,b,kind\n1,2,x\n', 'more.csv'), async () => null)
    expect(noteText()).toContain('tests on the other file')
    await speak('zh')
    await drawn()
    expect(noteText()).toContain('用另一个文件测试')
    expect(body.querySelector('button[aria-label="关闭"]')).not.toBeNull()
    await speak('en')
  })
})

const bytes = (count: number, labels: number[]): Labelled => ({
  whole: {
    samples: {
      name: 'images.gz',
      type: 'u8',
      shape: [count, 2, 2],
      values: Uint8Array.from({ length: 4 * count }, (_, i) => (i * 37) % 256),
    },
    labels: { name: 'labels.gz', type: 'u8', shape: [count], values: Uint8Array.from(labels) },
  },
  axes: [2, 2],
  classes: ['0', '1'],
})

describe('samples with labels', () => {
  test('make no data before they are trained on, however the split is moved', async () => {
    const trained: Dataset[] = []
    labelledDialog(bytes(10, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]), false, async (dataset) => {
      trained.push(dataset)
      return null
    })
    expect(text('.quiet')).toBe('10 samples of 2 × 2 pixels (bytes from 0 to 255), 2 classes.')
    expect(text('.notes')).toContain('(x / 255 − mean) / deviation')
    for (const percent of [25, 35, 50, 45, 30]) await slide(percent)
    expect(noteText()).toBe('4 inputs → 2 classes. Trains on 7 samples, tests on 3 samples.')
    await vi.waitFor(() => expect(text('.notes')).toMatch(/becomes \(x \/ 255 − 0\.\d+\) \/ 0\.\d+, by/))
    expect(labelledDatasets.labelledDataset).not.toHaveBeenCalled()
    body.querySelector('button.primary')!.fire('click')
    await drawn(20)
    expect(labelledDatasets.labelledDataset).toHaveBeenCalledTimes(1)
    expect(trained.map(({ train, test: held }) => [train.count, held?.count])).toEqual([[7, 3]])
  })

  test('of which none would be left to train on are refused', async () => {
    labelledDialog(bytes(1, [0]), false, async () => null)
    expect(text('.problem')).toBe('')
    await slide(50)
    expect(text('.problem')).toContain('leaves none to train on')
  })
})

describe('images', () => {
  let scaled = 0
  const image = (i: number) => ({
    label: i % 2,
    picture: {
      width: 4,
      height: 4,
      get rgb() {
        scaled++
        return Uint8Array.from({ length: 48 }, (_, at) => (at * 5 + i) % 256)
      },
    },
  })
  const set = (count: number): ImageSet => ({
    name: 'pets.zip',
    classes: ['cats', 'dogs'],
    train: Array.from({ length: count }, (_, i) => image(i)),
    usualSize: { width: 4, height: 4 },
    otherSizes: 0,
    grey: false,
    notes: ['README.md is not used.'],
  })

  test('are shown in another size by the few that are seen; the rest follow while nothing waits for them', async () => {
    imagesDialog(set(2000), async () => null)
    expect(text('.quiet')).toBe('2,000 samples of 4 × 4 pixels in colour, 2 classes.')
    expect(body.querySelectorAll('canvas')).toHaveLength(30)
    scaled = 0
    await select('Size of the images', '32x32')
    await select('Colours of the images', 'grey')
    expect(scaled).toBeLessThan(1000)
    expect(text('.quiet')).toBe('2,000 samples of 32 × 32 pixels in grey, 2 classes.')
    expect(text('.notes')).toContain('2000 images are scaled to 32 × 32 pixels')
    expect(body.querySelectorAll('canvas').map((canvas) => canvas.getAttribute('width'))).toEqual(Array(30).fill('32'))
    await vi.waitFor(() => expect(text('.notes')).toMatch(/becomes \(x \/ 255 − 0\.\d+\) \/ 0\.\d+, by/), 30_000)
  })
})

test('a dialog closes by its button, by a press beside it, and not by a drag that ends there', async () => {
  const open = () => tableDialog(tableOf(points), points, undefined, async () => null)
  open()
  const dialog = () => body.querySelector('dialog')!
  expect(dialog().open).toBe(true)
  body.querySelector('input[type=range]')!.fire('pointerdown')
  dialog().fire('click')
  expect(dialog().open).toBe(true)
  dialog().fire('pointerdown')
  dialog().fire('click')
  expect(body.childNodes).toEqual([])
  open()
  body.querySelector('button[aria-label="Close"]')!.fire('click')
  expect(body.childNodes).toEqual([])
})
