import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { restingPicture } from './rest.ts'
import { readSafetensors } from '../../src/model/safetensors.ts'
import { gradscope as command, temporaryFolder } from './command.ts'
import {
  choose,
  chooseOption,
  click,
  expectNoErrors,
  picture,
  problemIn,
  servedBuild,
  setPlaying,
  stepOf,
  typeOver,
  untilStep,
} from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()

test('the page trains from a sub-path: steps rise, the loss falls, the picture changes, the console is silent', async () => {
  const { page, errors } = await start('moons')
  await untilStep(page, 300)
  const losses = await page.evaluate(() => globalThis.gradscope.session.trainer!.history.loss as number[])
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(mean(losses.slice(-20))).toBeLessThan(0.5 * mean(losses.slice(0, 20)))
  expect(await page.$eval('#figure-loss', (element) => Number(element.textContent))).toBeLessThan(losses[0]!)

  await setPlaying(page, false)
  const [step, before] = [await stepOf(page), await restingPicture(page)]
  expect(await picture(page)).toBe(before)
  await setPlaying(page, true)
  await untilStep(page, step + 100)
  await setPlaying(page, false)
  expect(await restingPicture(page)).not.toBe(before)
  expectNoErrors({ errors })
})

test('the page, its view on, computes the same bits as the command line', async () => {
  const { page, errors } = await start('circle')
  await untilStep(page, 5)
  const steps = 60
  const shown = await page.evaluate(async (wanted) => {
    const { session } = globalThis.gradscope
    session.runner.pause()
    while (session.state.value.playing) await new Promise(requestAnimationFrame)
    await session.trainer!.reset()
    for await (const _ of session.trainer!.run({ steps: wanted }));
    return [...(await session.trainer!.parameter('layers.2.weight').read())]
  }, steps)
  const out = join(temporaryFolder(), 'out')
  expect(await command(['train', '--preset', 'circle', '--steps', String(steps), '--runtime', 'dawn', '--out', out])).toMatchObject({
    status: 0,
  })
  const { tensors } = readSafetensors(readFileSync(join(out, 'model.safetensors')), 'model.safetensors')
  expect(shown).toEqual([...tensors['layers.2.weight']!.data])
  expectNoErrors({ errors })
})

another('a learning rate that is not a number is told beside its field, and the run goes on', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  const input = 'input[aria-label="Learning rate"]'
  await typeOver(page, 'Learning rate', 'fast')
  await page.keyboard.press('Enter')
  expect(await problemIn(page, 'training')).toBe('Learning rate is "fast", expected a positive number')
  expect(await page.$eval(input, (element) => element.getAttribute('aria-invalid'))).toBe('true')
  const [field, problem] = await Promise.all(
    [input, '.problem[data-place=training]'].map(async (selector) => (await (await page.$(selector))!.boundingBox())!),
  )
  expect(problem!.y - field!.y).toBeGreaterThan(0)
  expect(problem!.y - field!.y).toBeLessThan(60)
  await untilStep(page, (await stepOf(page)) + 20)
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.running?.training.optimizer.learningRate)).toBe(0.01)
  expectNoErrors({ errors })
})

another('bad files are refused in one sentence each, and the run before goes on', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  for (const [name, text, sentence] of [
    ['ragged.csv', 'a,b\n1,2\n3,4,5\n', 'ragged.csv, line 3'],
    ['empty.csv', '', 'empty.csv'],
    ['images-idx3-ubyte', '\0\0\x08\x03\0\0\0\x05\0\0\0\x02\0\0\0\x02\x01', 'images-idx3-ubyte'],
    [
      'model.json',
      JSON.stringify({ format: 'gradscope-model/1', input: [2], layers: [{ type: 'attention' }] }),
      'unknown layer attention at layers.0',
    ],
    ['letter.txt', 'Dear reader\nhow are you?\n', 'letter.txt: found text that is no table (it begins with "Dear reader"), expected CSV'],
    ['a.json', '{"a":1}', 'a.json: found an object with the key "a", expected data (an array of records) or a model'],
    ['broken.json', '[{"a": 1},\n {"a" 2}]', 'broken.json is not JSON: at line 2, column 7 found "2", expected a colon'],
    ['bad.safetensors', 'no parameters at all', 'bad.safetensors: found 20 bytes that begin with a header length of'],
    ['data.zip', 'PK\x03\x04', 'data.zip: found a ZIP archive without its directory, as one that is cut off, expected a whole one'],
    ['nothing', '', 'nothing: found an empty file, expected a table (CSV or JSON), IDX files'],
  ] as const) {
    await choose(page, { [name]: text })
    await page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll('.problem:not([hidden]), [role=alert]:not([hidden])')].some((element) =>
          element.textContent?.includes(wanted),
        ),
      {},
      sentence,
    )
    await untilStep(page, (await stepOf(page)) + 20)
  }
  await choose(page, { 'good.csv': 'a,b\n1,2\n2,3\n3,5\n4,4\n5,5\n' })
  await page.waitForSelector('dialog')
  expect(await page.$$('.problem:not([hidden]), .notice')).toEqual([])
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.preset)).toBe('xor')
  expectNoErrors({ errors })
})

another('a loss that does not fit is told in the page’s words and brought to sight at its row', async () => {
  const { page, errors } = await start('iris', { width: 1000, height: 500 })
  await untilStep(page, 5)
  await page.$eval('.rail-left .rail-scroll', (rail) => rail.scrollTo(0, 0))
  await chooseOption(page, 'select[aria-label="Loss"]', 'mean squared error')
  expect(await problemIn(page, 'training')).toBe(
    'Loss mean squared error takes numbers as targets, but those of iris.csv are 3 classes, expected cross entropy',
  )
  expect(await page.$eval('select[aria-label="Loss"]', (element) => element.getAttribute('aria-invalid'))).toBe('true')
  await page.waitForFunction(() => {
    const rail = document.querySelector('.rail-left .rail-scroll')!.getBoundingClientRect()
    const { top, bottom } = document.querySelector('.problem[data-place=training]')!.getBoundingClientRect()
    return top >= rail.top && bottom <= rail.bottom + 1
  })
  expect(await page.$$('.notice')).toEqual([])
  expectNoErrors({ errors })
})

another('text from a file stays text', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  const markup = '<img src=x onerror=document.title="taken">'
  const rows = Array.from({ length: 30 }, (_, i) => `${i},${i % 2 ? markup : '<b>bold</b>'}`)
  await choose(page, {
    'markup.csv': [
      `"${markup.replaceAll('"', '""')}",kind`,
      ...rows.map((row) => row.replace(markup, `"${markup.replaceAll('"', '""')}"`)),
    ].join('\n'),
  })
  await page.waitForFunction((text) => document.body.innerText.includes(text), {}, markup)
  expect(await page.$$eval('img, #data b b', (elements) => elements.length)).toBe(0)
  expect(await page.title()).not.toBe('taken')
  expectNoErrors({ errors })
})

test.each([
  ['browser', () => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }), 'no WebGPU'],
  ['adapter', () => (GPU.prototype.requestAdapter = async () => null), 'No GPU that WebGPU may use'],
  [
    'insecure',
    () => {
      Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined })
      Object.defineProperty(globalThis, 'isSecureContext', { value: false })
    },
    'not loaded securely',
  ],
])('without WebGPU the page says why (%s)', async (cause, before, words) => {
  const { page, errors } = await start('xor', { before })
  await page.waitForSelector('.unsupported h2')
  expect(await page.evaluate(() => document.body.dataset['cause'])).toBe(cause)
  const text = await page.$eval('.unsupported', (element) => (element as HTMLElement).innerText)
  expect(text).toContain(words)
  expect(await page.$$eval('.unsupported li', (elements) => elements.length)).toBeGreaterThan(0)
  expectNoErrors({ errors })
})

another('on a phone what is wrong is told over the picture while its sheet is closed, and help is at hand', async () => {
  const { page, errors } = await start('moons', { width: 390, height: 844 })
  await untilStep(page, 5)
  await choose(page, { 'photo.png': new Uint8Array([0x89, 0x50, 0x4e, 0x47]) })
  await page.waitForSelector('.notice[data-tone=wrong] ::-p-text(photo.png: found a PNG image)')
  const box = (await (await page.$('.notice'))!.boundingBox())!
  expect([box.x >= 0, box.x + box.width <= 390, box.y + box.height <= 844]).toEqual([true, true, true])
  await choose(page, { 'points.csv': 'a,b\n1,2\n2,3\n3,5\n4,4\n5,5\n' })
  await page.waitForSelector('dialog')
  expect(await page.$$('.notice')).toEqual([])
  const widths = await page.$eval('dialog .table-frame', ({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])
  expect(widths[0]).toBeLessThanOrEqual(widths[1]!)
  await click(page, 'dialog ::-p-text(Cancel)')
  await click(page, '#brand-actions [aria-label=Help]')
  await page.waitForSelector('dialog ::-p-text(See every gradient)')
  expectNoErrors({ errors })
})

test('on a phone it trains too, and its panels are sheets', async () => {
  const { page, errors } = await start('moons', { width: 390, height: 844 })
  await untilStep(page, 20)
  expect(await page.evaluate(() => document.scrollingElement!.scrollWidth)).toBeLessThanOrEqual(390)
  const play = (await (await page.$('#play'))!.boundingBox())!
  expect(play.x).toBeGreaterThanOrEqual(0)
  expect(play.y + play.height).toBeLessThanOrEqual(844)
  for (const [tab, panel] of [
    ['#tab-training', '#training'],
    ['#tab-charts', '#charts'],
  ] as const) {
    await click(page, tab)
    await page.waitForFunction(
      (selector) => {
        const box = document.querySelector(selector)!.getBoundingClientRect()
        return box.height > 50 && box.top < innerHeight && box.left >= 0 && box.right <= innerWidth
      },
      {},
      panel,
    )
    expect(await page.$eval(tab, (element) => element.getAttribute('aria-expanded'))).toBe('true')
    await click(page, tab)
  }
  // The answers open at the first question; a click on the one that is open leaves it so.
  await click(page, '#tab-answers')
  for (const question of ['rate', 'rate', 'health']) {
    await click(page, `#question-${question}`)
    await page.waitForFunction((id) => document.querySelector(`#answer-${id}`)?.checkVisibility(), {}, question)
  }
  await page.waitForSelector('#answer-health .layer-table tbody tr')
  const cut = await page.$$eval('.question .short, .guide-button', (all) =>
    all.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).map((one) => one.textContent),
  )
  expect(cut).toEqual([])
  expect(await page.evaluate(() => document.scrollingElement!.scrollWidth)).toBeLessThanOrEqual(390)
  expectNoErrors({ errors })
})
