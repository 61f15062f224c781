/** Where page, runner and trainers meet: what is asked for at once, and what becomes of the run. With the mouse and the keys of a reader. */
import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import {
  choose,
  chooseOption,
  drop,
  expectNoErrors,
  saved,
  servedBuild,
  servedSite,
  setPlaying,
  stepOf,
  untilRuns,
  untilStep,
} from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()
const open = servedSite()

/** Types over a field of the rail, and leaves it. */
async function enter(page: Page, label: string, value: string): Promise<void> {
  const field = `input[aria-label="${label}"]`
  await page.$eval(field, (element) => element.scrollIntoView({ block: 'center' }))
  await page.click(field, { count: 3 })
  await page.keyboard.type(value)
  await page.keyboard.press('Tab')
}

/** Parameters of the network at hand, bit for bit. */
const bits = (page: Page) =>
  page.evaluate(async () => {
    const trainer = globalThis.gradscope.session.trainer!
    const values = await Promise.all(trainer.parameterPaths.map((path) => trainer.parameter(path).read()))
    return values.map((value) => [...new Uint32Array(value.buffer)].join())
  })

test('reset held down and clicked again and again while it trains gives the clean run', async () => {
  const { page, errors } = await start('moons')
  await untilStep(page, 20)
  await page.$eval('#view', (view) => (view as HTMLElement).focus())
  for (let i = 0; i < 15; i++) await page.keyboard.down('r') // after the first, the repeats of a key held down
  await page.keyboard.up('r')
  const { x, y, width, height } = (await (await page.$('#reset'))!.boundingBox())!
  await page.mouse.move(x + width / 2, y + height / 2)
  for (let i = 0; i < 12; i++) {
    await page.mouse.down()
    await page.mouse.up()
  }
  // All of them done, and the last one's run under way.
  await page.waitForFunction(() => {
    const { generation } = globalThis.gradscope.session.runner
    const { seen } = globalThis as { seen?: { generation: number; since: number } }
    if (seen?.generation === generation) return performance.now() - seen.since > 1000
    Object.assign(globalThis, { seen: { generation, since: performance.now() } })
    return false
  })
  await untilStep(page, 60)
  await setPlaying(page, false)
  const [step, found] = [await stepOf(page), await bits(page)]
  await page.click('#reset')
  await page.waitForFunction(() => document.body.dataset['step'] === '0')
  await page.evaluate(async (steps) => {
    for await (const _ of globalThis.gradscope.session.trainer!.run({ steps }));
  }, step)
  expect(await bits(page)).toEqual(found)
  expectNoErrors({ errors })
})

test('momentum and clipping change while the run goes on; a batch size begins it anew, says so, and is taken back', async () => {
  const { page, errors } = await start('moons')
  await untilStep(page, 5)
  await chooseOption(page, 'select[aria-label="Optimizer"]', 'SGD')
  await untilRuns(page, 'moons')
  await enter(page, 'Momentum', '0.9')
  await untilRuns(page, 'moons')
  await untilStep(page, 20)
  const restarts = () => page.evaluate(() => globalThis.gradscope.session.runner.generation)
  const before = await restarts()
  await enter(page, 'Momentum', '0.95')
  await untilRuns(page, 'moons')
  await chooseOption(page, 'select[aria-label="Clip gradients"]', 'by global norm')
  await untilRuns(page, 'moons')
  await chooseOption(page, 'select[aria-label="Clip gradients"]', 'off')
  await untilRuns(page, 'moons')
  expect(await restarts()).toBe(before)
  expect(await stepOf(page)).toBeGreaterThanOrEqual(20)
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.running?.training.optimizer)).toMatchObject({ momentum: 0.95 })

  const batchOf = () => page.evaluate(() => globalThis.gradscope.session.state.value.running?.training.batchSize)
  const batch = await batchOf()
  const told = page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLElement>('.caption:not([hidden])')].some(({ textContent }) =>
      textContent?.startsWith('Restarts the run: batch size 7'),
    ),
  )
  await enter(page, 'Batch size', '7')
  await told
  await page.waitForSelector('.notice ::-p-text(Restarted: batch size 7.)')
  expect(await restarts()).toBe(before + 1)
  expect(await batchOf()).toBe(7)
  await page.click('.notice ::-p-text(Undo)')
  await page.waitForFunction((wanted) => globalThis.gradscope.session.state.value.running?.training.batchSize === wanted, {}, batch)
  expect(await page.$$('.notice')).toEqual([])
  expectNoErrors({ errors })
})

another('parameters dropped while a run is prepared are what it begins with', async () => {
  const { page, errors } = await start('moons')
  await untilStep(page, 20)
  await setPlaying(page, false)
  const [file, kept] = [await saved(page, 'Weights'), await bits(page)]
  await enter(page, 'Batch size', '5')
  await drop(page, { 'kept.safetensors': file })
  await page.waitForSelector('.notice[data-tone=done] ::-p-text(kept.safetensors are in the network now: the run begins with them.)')
  await untilRuns(page, 'moons')
  expect(await page.evaluate(() => globalThis.gradscope.session.trainer!.model.batchSize)).toBe(5)
  expect(await stepOf(page)).toBe(0)
  expect(await bits(page)).toEqual(kept)
  expectNoErrors({ errors })
})

another('the address follows what is chosen; own data has none', async () => {
  const { page, errors } = await start('xor')
  const preset = () => new URL(page.url()).searchParams.get('preset')
  await untilStep(page, 1)
  await page.click('[data-preset=iris]')
  await untilRuns(page, 'iris')
  expect(preset()).toBe('iris')
  await choose(page, { 'good.csv': 'a,b\n1,2\n2,3\n3,5\n4,4\n5,5\n' })
  await page.waitForSelector('dialog .button.primary')
  await page.click('dialog .button.primary')
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.dataset?.name.includes('good'))
  expect(preset()).toBeNull()
  await page.keyboard.down('Control')
  await page.keyboard.press('z')
  await page.keyboard.up('Control')
  await untilRuns(page, 'iris')
  expect(preset()).toBe('iris')
  expectNoErrors({ errors })
})

another('an address that asks for no preset there is starts mnist, and says which there are', async () => {
  const { page, errors } = await open('?preset=nonsense')
  await page.waitForSelector('.notice ::-p-text(There is no preset "nonsense")')
  await untilStep(page, 1)
  expect(await page.$eval('[data-preset=mnist]', (tile) => tile.getAttribute('aria-checked'))).toBe('true')
  expect(new URL(page.url()).searchParams.get('preset')).toBe('mnist')
  expectNoErrors({ errors })
})

another(
  'the comparison, by its own name, evaluates each network where the rail says so, and ends early',
  { timeout: 240_000 },
  async () => {
    const { page, errors } = await open('?preset=compare')
    await page.waitForFunction(() => Number(document.body.dataset['step']) >= 1, { timeout: 180_000 })
    expect(new URL(page.url()).searchParams.get('preset')).toBe('depth-comparison')
    await enter(page, 'Test every', '4')
    await chooseOption(page, 'select[aria-label="End early"]', 'without progress')
    await enter(page, 'Patience', '2')
    await enter(page, 'Minimum improvement', '100') // nothing is so much better
    await untilRuns(page, 'depth-comparison')
    await page.click('#reset')
    await page.waitForSelector('#ended:not([hidden])', { timeout: 120_000 })
    await page.waitForFunction(() => document.body.dataset['playing'] === 'false', { timeout: 120_000 })
    const { endedAt, tested, curve } = await page.evaluate(() => {
      const { session } = globalThis.gradscope
      return {
        endedAt: session.state.value.endedAt,
        curve: session.curves.testLoss.x,
        tested: session.trainers.map(({ history: { step, testLoss } }) => step.filter((_, i) => testLoss[i] !== null)),
      }
    })
    // Two evaluations after the first are no better, and the run ends with the next.
    expect(endedAt).toEqual([16, 16, 16, 16])
    for (const steps of tested) expect(steps).toEqual(expect.arrayContaining([4, 8, 12, 16]))
    expect(curve).toEqual(expect.arrayContaining([4, 8, 12, 16]))
    expect(await page.$eval('#ended', ({ textContent }) => textContent)).toMatch(/^Ended early: 2 evaluations in a row were no better/)
    expect(
      await page.$$eval('.variant .words', (rows) => rows.map(({ textContent }) => /Ended early at step 16\./.test(textContent ?? ''))),
    ).toEqual([true, true, true, true])
    expectNoErrors({ errors })
  },
)
