import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElementHandle, Page } from 'puppeteer'
import { describe, expect } from 'vitest'
import { cifar10File, png, zip } from '../files/images.ts'
import { temporaryFolder } from './command.ts'
import { choose, chooseOption, click, drop, expectNoErrors, servedBuild, stepOf, untilStep, untilTold, written } from './page.ts'
import { damaged, damagedText, folderOf, pets, testFaultyImages, testFolder, train } from './pets.ts'
import { another, test } from '../kinds.ts'

const batches = (records: number) =>
  Object.fromEntries(
    [...[1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`), 'test_batch.bin'].map((name) => [
      name,
      cifar10File(name, records).bytes,
    ]),
  )

describe('on the page', () => {
  const start = servedBuild()
  const runOf = (page: Page) =>
    page.evaluate(() => {
      const { preset, dataset } = globalThis.gradscope.session.state.value
      const { name, inputShape, classes, train, test: held } = dataset!
      return { preset, name, inputShape, classes: classes?.length, train: train.count, test: held?.count ?? 0 }
    })
  const note = (page: Page) => page.$eval('dialog .note', (element) => element.textContent)
  const there = (page: Page) => page.$$eval('dialog .wanted-files .there', (files) => files.map(({ textContent }) => textContent))

  another('a preset on CIFAR-10 asks for the files, takes them as they come and goes on by itself', async () => {
    const { page, errors } = await start('xor')
    await untilStep(page, 5)
    await click(page, '[data-preset=lenet5-cifar10]')
    await page.waitForSelector('dialog')
    expect(await note(page)).toBe('0 of 6 files are here. Training starts as soon as all six are.')
    const files = batches(20)
    await drop(page, { 'data_batch_1.bin': files['data_batch_1.bin']!, 'test_batch.bin': files['test_batch.bin']! })
    await page.waitForFunction(() => document.querySelectorAll('dialog .there').length === 2)
    expect(await there(page)).toEqual(['data_batch_1.bin', 'test_batch.bin'])

    await drop(page, { 'data_batch_2.bin': files['data_batch_2.bin']!.slice(1) })
    await page.waitForSelector('dialog .problem:not([hidden])')
    expect(await page.$eval('dialog .problem', (element) => element.textContent)).toContain(
      'data_batch_2.bin: found 61459 bytes, expected a multiple of 3073',
    )
    expect(await there(page)).toHaveLength(2)
    expect(await runOf(page)).toMatchObject({ preset: 'xor' })

    const input = (await page.$('dialog input[multiple]')) as ElementHandle<HTMLInputElement>
    await input.uploadFile(...written(files))
    await page.waitForSelector('dialog', { hidden: true })
    await page.waitForFunction(() => globalThis.gradscope.session.state.value.dataset?.name === 'CIFAR-10', { timeout: 60_000 })
    await untilStep(page, 3)
    expect(await runOf(page)).toEqual({
      preset: 'lenet5-cifar10',
      name: 'CIFAR-10',
      inputShape: [3, 32, 32],
      classes: 10,
      train: 100,
      test: 20,
    })
    expect(await page.$eval('[data-preset=lenet5-cifar10]', (tile) => tile.getAttribute('aria-checked'))).toBe('true')
    expectNoErrors({ errors })
  })

  another('an address that names such a preset opens the question over another run', async () => {
    const { page, errors } = await start('vgg-cifar10')
    await page.waitForSelector('dialog')
    expect(await page.$eval('dialog h2', (element) => element.textContent)).toBe('vgg-cifar10')
    await click(page, 'dialog ::-p-text(Cancel)')
    await untilStep(page, 1)
    expect(await runOf(page)).toMatchObject({ preset: 'mnist' })
    expectNoErrors({ errors })
  })

  test('a ZIP of images is shown first, then trained on; a damaged image is told, and what runs goes on', async () => {
    const { page, errors } = await start('xor')
    await untilStep(page, 5)
    await choose(page, { 'pets.zip': zip(damaged) })
    await untilTold(page, damagedText('pets.zip'))
    await untilStep(page, (await stepOf(page)) + 20)
    expect(await runOf(page)).toMatchObject({ preset: 'xor' })

    await drop(page, { 'pets.zip': zip({ ...pets, 'cats/wide.png': png(40, 20, () => [200, 0, 0]) }) })
    await page.waitForSelector('dialog')
    expect(await page.$eval('dialog .quiet', (element) => element.textContent)).toBe('25 samples of 16 × 16 pixels in colour, 2 classes.')
    expect(await page.$$eval('dialog .class-counts > div', (rows) => rows.map(({ textContent }) => textContent))).toEqual([
      'cats13',
      'dogs12',
    ])
    expect(await note(page)).toBe('768 inputs → 2 classes. Trains on 20 samples, tests on 5 samples.')
    const pictures = () =>
      page.$$eval('dialog .samples figure', (figures) =>
        figures.map((figure) => {
          const { width, height } = figure.querySelector('canvas')!
          const [red, , blue] = figure.querySelector('canvas')!.getContext('2d')!.getImageData(0, 0, 1, 1).data
          return [figure.textContent, width, height, red! > blue!]
        }),
      )
    const shown = await pictures()
    expect(shown).toHaveLength(25)
    for (const [name, width, height, reddish] of shown) expect([width, height, reddish]).toEqual([16, 16, name === 'cats'])
    expect(await page.$eval('dialog .notes', (element) => element.textContent)).toMatch(
      /^1 image was resized and centre-cropped to 16 × 16 pixels.*of each channel.*Begins with convolutions of 8 and 16 filters, then dense layers of 32 and 2 units/s,
    )

    await chooseOption(page, 'dialog select[aria-label="Size of the images"]', '28 × 28')
    await chooseOption(page, 'dialog select[aria-label="Colours of the images"]', 'grey')
    expect(await page.$eval('dialog .quiet', (element) => element.textContent)).toBe('25 samples of 28 × 28 pixels in grey, 2 classes.')
    expect((await pictures())[0]).toEqual(['cats', 28, 28, false])
    await click(page, 'dialog .primary')
    await page.waitForSelector('dialog', { hidden: true, timeout: 150_000 })
    await untilStep(page, 3)
    expect(await runOf(page)).toEqual({ preset: null, name: 'pets.zip', inputShape: [1, 28, 28], classes: 2, train: 20, test: 5 })
    expectNoErrors({ errors })
  })

  another('a folder is dropped as it is, empty classes in it are told', async () => {
    const { page, errors } = await start('xor')
    await untilStep(page, 5)
    const dropped = async (folder: string) => {
      const client = await page.createCDPSession()
      const data = { items: [], files: [folder], dragOperationsMask: 1 }
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await client.send('Input.dispatchDragEvent', { type, x: 500, y: 350, data })
    }
    await dropped(folderOf({ ...pets, 'birds/': new Uint8Array() }))
    await untilTold(page, 'pets: found the folder birds empty, expected images of that class.')
    await dropped(folderOf(pets))
    await page.waitForSelector('dialog')
    expect(await page.$eval('dialog .quiet', (element) => element.textContent)).toBe('24 samples of 16 × 16 pixels in colour, 2 classes.')
    expectNoErrors({ errors })
  })
})

describe('from the command line', () => {
  another('a preset trains on CIFAR-10, the test batch apart', async () => {
    const folder = temporaryFolder()
    for (const [name, bytes] of Object.entries(batches(20))) writeFileSync(join(folder, name), bytes)
    const words = ['--preset', 'lenet5-cifar10', '--data', 'data_batch_1.bin', 'data_batch_2.bin', '--test', 'test_batch.bin']
    const { status, stdout, stderr } = await train([...words, '--steps', '2', '--runtime', 'dawn'], folder)
    expect([stderr.includes('epoch 2  step 2  test loss'), status]).toEqual([true, 0])
    expect(stdout).toContain('trained 2 steps (2 epochs)')
    expect(JSON.parse(readFileSync(join(folder, 'out/model.json'), 'utf8'))).toMatchObject({ input: [3, 32, 32], batchSize: 40 })
  })

  // The others: images.full.test.ts.
  testFolder(['dawn'])
  testFaultyImages([
    [
      'a preset on CIFAR-10 without it',
      {},
      ['--preset', 'vgg-cifar10'],
      '--preset vgg-cifar10 trains on your own copy of CIFAR-10: give its',
    ],
    [
      'an archive cut off',
      { 'pets.zip': zip(pets).slice(0, -40) },
      ['--model', 'model.json', '--data', 'pets.zip'],
      'pets.zip: found a ZIP archive without its directory',
    ],
  ])
})
