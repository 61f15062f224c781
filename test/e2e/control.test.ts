import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { click, expectNoErrors, problemIn, servedBuild, setPlaying, stepOf, typeOver, undo, untilRuns, untilStep } from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()

const state = (page: Page) =>
  page.evaluate(() => {
    const { preset, running, draft, live, playing, work } = globalThis.gradscope.session.state.value
    return { preset, running, draft, step: live.step, playing, work }
  })

/** Types over a field of the rail, and leaves it. */
async function enter(page: Page, label: string, value: string): Promise<void> {
  await typeOver(page, label, value)
  await page.keyboard.press('Tab')
}

test('a space after a click on a preset pauses, and the chosen preset chosen again goes on', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 20)
  await click(page, '[data-preset=xor]')
  await page.keyboard.press('Space')
  await page.waitForFunction(() => document.body.dataset['playing'] === 'false')
  expect(await stepOf(page)).toBeGreaterThanOrEqual(20)
  await click(page, '[data-preset=xor]')
  await page.keyboard.press('Space')
  await untilStep(page, (await stepOf(page)) + 10)
  expectNoErrors({ errors })
})

another('what is edited while a run is prepared is what runs', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  await page.evaluate(() => {
    const { session } = globalThis.gradscope
    session.edit((draft) => draft.layers.splice(2, 0, { type: 'dense', units: 7 }), 'add')
    setTimeout(() => session.edit((draft) => void (draft.training.optimizer.learningRate = 0.033), 'learningRate'), 255)
    setTimeout(() => session.edit((draft) => draft.layers.splice(3, 0, { type: 'relu' }), 'add again'), 300)
  })
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.running?.layers.some(({ type }) => type === 'relu'))
  await untilRuns(page, 'xor')
  const { running } = await state(page)
  expect(running?.layers[2]).toEqual({ type: 'dense', units: 7 })
  expect(running?.training.optimizer.learningRate).toBe(0.033)
  await untilStep(page, 5)
  expect(await page.evaluate(() => globalThis.gradscope.session.trainer!.model.layers.length)).toBe(running!.layers.length)
  expectNoErrors({ errors })
})

another('undo goes back to the preset before, with its edits, and never to what was refused', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  await enter(page, 'Learning rate', '0.07')
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.running?.training.optimizer.learningRate === 0.07)
  await click(page, '[data-preset=moons]')
  await untilRuns(page, 'moons')
  await enter(page, 'Learning rate', 'fast')
  await problemIn(page, 'training')
  await enter(page, 'Learning rate', '0.05')
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.running?.training.optimizer.learningRate === 0.05)
  await click(page, '#network-title')
  await undo(page)
  expect((await state(page)).draft?.training.optimizer.learningRate).toBe(0.01)
  await undo(page)
  expect(await state(page)).toMatchObject({ preset: 'xor', draft: { training: { optimizer: { learningRate: 0.07 } } } })
  await untilRuns(page, 'xor')
  expect(await page.$eval('[data-preset=xor]', (element) => element.getAttribute('aria-checked'))).toBe('true')
  await untilStep(page, 5)
  expectNoErrors({ errors })
})

test('a run ends after its epochs and says so; play trains as many again; fewer epochs end it at once', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  await setPlaying(page, false)
  await page.evaluate(() => globalThis.gradscope.session.runner.setSpeed(null))
  // By now it may be past the end that is entered.
  await click(page, '#reset')
  await page.waitForFunction(() => document.body.dataset['step'] === '0')
  await enter(page, 'Epochs', '8')
  // At full speed more would be over before the entry is taken.
  await page.waitForFunction(
    () => globalThis.gradscope.session.state.value.goal === 8 * globalThis.gradscope.session.trainer!.stepsPerEpoch,
  )
  await setPlaying(page, true)
  await page.waitForSelector('#ended:not([hidden])')
  const perEpoch = await page.evaluate(() => globalThis.gradscope.session.trainer!.stepsPerEpoch)
  expect(await page.$eval('#ended', (element) => element.textContent)).toBe('8 epochs done.Train again')
  expect(await page.$eval('#play', (button) => button.getAttribute('aria-label'))).toBe('Train on: 8 epochs more')
  expect(await page.$eval('#play', (button) => button.textContent)).toBe('Train on')
  await click(page, '#play')
  await page.waitForFunction(
    (step) => document.body.dataset['playing'] === 'false' && document.body.dataset['step'] === step,
    {},
    String(16 * perEpoch),
  )
  expect(await page.$eval('#ended', (element) => element.textContent)).toBe('16 epochs done.Train again')
  // At full speed 40 epochs would be over before the next entry.
  await page.evaluate(() => globalThis.gradscope.session.runner.setSpeed(60))
  await enter(page, 'Epochs', '40')
  await page.waitForFunction((least) => Number(document.body.dataset['step']) > least, {}, 16 * perEpoch)
  await enter(page, 'Epochs', '1')
  await page.waitForFunction(() => document.body.dataset['playing'] === 'false')
  expect(await stepOf(page)).toBeLessThan(40 * perEpoch)
  expectNoErrors({ errors })
})

another('a layer dragged by its handle trains where it was dropped', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  const middle = async (selector: string) => {
    const { x, y, width, height } = (await (await page.$(selector))!.boundingBox())!
    return [x + width / 2, y + height / 2] as const
  }
  await page.$eval('[data-layer="layers.2"]', (element) => element.scrollIntoView({ block: 'center' }))
  const [from, to] = [await middle('[data-layer="layers.3"] .handle'), await middle('[data-layer="layers.1"]')]
  await page.mouse.move(...from)
  await page.mouse.down()
  await page.mouse.move(from[0], from[1] - 10, { steps: 4 })
  await page.mouse.move(...to, { steps: 8 })
  await page.mouse.up()
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.running?.layers[2]?.type === 'tanh')
  expect((await state(page)).running?.layers.map(({ type }) => type)).toEqual(['dense', 'tanh', 'tanh', 'dense', 'dense', 'sigmoid'])
  expectNoErrors({ errors })
})

another('a batch larger than the data is refused beside its field', async () => {
  const { page, errors } = await start('article')
  await untilStep(page, 5)
  await setPlaying(page, false)
  await enter(page, 'Batch size', '99999')
  expect(await problemIn(page, 'training')).toContain('99999, expected at most 100, the training samples there are')
  expectNoErrors({ errors })
})

another('what is edited before the first run is there is what runs first', async () => {
  const { page, errors } = await start('xor', {
    before: () => {
      const timer = setInterval(() => {
        const session = (globalThis as { gradscope?: typeof gradscope }).gradscope?.session
        if (!session?.state.value.draft) return
        clearInterval(timer)
        if (session.state.value.running) return
        session.edit((draft) => draft.layers.splice(1, 0, { type: 'dense', units: 9 }), 'first')
      }, 0)
    },
  })
  await untilStep(page, 5)
  const { running, draft, work } = await state(page)
  expect(draft?.layers[1]).toEqual({ type: 'dense', units: 9 })
  expect(running?.layers).toEqual(draft?.layers)
  expect(work.kind).toBe('none')
  expectNoErrors({ errors })
})

another('undo of a setting that the run took live brings back what it was, to the run too', async () => {
  const { page } = await start('xor')
  await untilStep(page, 5)
  const told = await page.evaluate(async () => {
    const { session } = globalThis.gradscope
    const trainer = session.trainer!
    const set = trainer.set.bind(trainer)
    const heard: (number | undefined)[] = []
    trainer.set = (change) => {
      heard.push('weightDecay' in change ? change.weightDecay : undefined)
      set(change)
    }
    const until = async (count: number) => {
      while (heard.length < count) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    session.edit((draft) => void (draft.training.optimizer.weightDecay = 0.25), 'weightDecay')
    await until(1)
    session.undo()
    await until(2)
    return heard
  })
  expect(told).toEqual([0.25, 0])
})

another('kernels are left alone while data are on their way, which arrive all the same', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  await page.evaluate(async () => {
    const { session } = globalThis.gradscope
    const chosen = session.choosePreset('mnist')
    await session.tryAllKernels()
    await session.setPrecision('f32')
    await chosen
  })
  await untilRuns(page, 'mnist')
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.work.kind)).not.toBe('loading')
  expectNoErrors({ errors })
})

another('steps asked for at once are no error', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 5)
  await page.evaluate(() => {
    const { session } = globalThis.gradscope
    return Promise.all([session.step(), session.step(), session.step()])
  })
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.problem)).toBeNull()
  const step = await stepOf(page)
  await page.evaluate(() => globalThis.gradscope.session.step())
  expect(await stepOf(page)).toBe(step + 1)
  expectNoErrors({ errors })
})
