import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { png, zip } from '../files/images.ts'
import type { Layer } from '../../src/model/types.ts'
import { choose, click, expectNoErrors, runLayers, servedBuild, setPlaying, untilStep } from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core has to object to: each rule, and the elements. */
async function objections(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  // What has just come is still fading in.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))))
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, any }) => `${id} (${impact}): ${target.join(' ')} ${any[0]?.message ?? ''}`),
  )
}

async function opened(preset: string, width = 1440, height = 900) {
  const open = await start(preset, { width, height })
  await untilStep(open.page, 5)
  await setPlaying(open.page, false)
  await open.page.waitForSelector('.legend-rows [role=row]')
  return open
}

test('axe-core finds nothing on the page, with a layer opened, in the menu, in kernels and help, and with the inspector open', async () => {
  const { page, errors } = await opened('xor')
  expect(await objections(page), 'page').toEqual([])
  // Rows with words of their own, and a group.
  await page.evaluate(() =>
    globalThis.gradscope.session.edit(
      ({ layers }) =>
        layers.splice(1, 1, { type: 'elu' }, { type: 'batchNorm' }, { type: 'residual', layers: [{ type: 'dense', units: 8 }] }),
      'rows',
    ),
  )
  await page.waitForSelector('[data-layer="layers.3"] .disclose')
  await click(page, '[data-layer="layers.3"] .disclose')
  await click(page, '[aria-label="Layer 1, Dense: further settings"]')
  expect(await objections(page), 'a layer opened').toEqual([])
  await click(page, '.adders .add')
  await page.waitForSelector('.menu')
  expect(await objections(page), 'menu').toEqual([])
  await page.keyboard.press('Escape')
  await click(page, '[aria-label="More about the colours"]')
  expect(await objections(page), 'legend opened').toEqual([])
  for (const [button, name] of [
    ['#show-kernels', 'kernels'],
    ['[aria-label=Help]', 'help'],
  ] as const) {
    await click(page, button)
    await page.waitForSelector('dialog')
    expect(await objections(page), name).toEqual([])
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog', { hidden: true })
  }
  const { x, y } = await page.evaluate(() => {
    const { session, view } = globalThis.gradscope
    return view.locate({ kind: 'neuron', column: 1, index: 0, path: session.trainer!.observation().columns[1]!.path })
  })
  await page.mouse.click(x, y)
  await page.waitForSelector('.inspector:not([hidden]) dd')
  expect(await objections(page), 'inspector').toEqual([])
  expectNoErrors({ errors })
})

another('axe-core finds nothing in the dialogs of own data, and where something was refused', async () => {
  const { page, errors } = await opened('xor')
  const close = async () => {
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog', { hidden: true })
  }
  await choose(page, { 'points.csv': 'a,b,c\n1,2,x\n2,3,y\n3,,x\n4,4,y\n5,5,x\n6,1,y\n' })
  await page.waitForSelector('dialog')
  expect(await objections(page), 'table').toEqual([])
  await close()
  const picture = (i: number) => png(12, 12, (x, y) => [(x * 20 + i) % 255, (y * 20) % 255, 40])
  const pets = Object.fromEntries(['cats', 'dogs'].flatMap((kind) => [0, 1, 2, 3].map((i) => [`${kind}/${i}.png`, picture(i)])))
  await choose(page, { 'pets.zip': zip(pets) })
  await page.waitForSelector('dialog')
  expect(await objections(page), 'images').toEqual([])
  await close()
  await click(page, '[data-preset=vgg-cifar10]')
  await page.waitForSelector('dialog')
  expect(await objections(page), 'CIFAR-10').toEqual([])
  await close()
  await choose(page, { 'ragged.csv': 'a,b\n1,2\n3,4,5\n' })
  await page.waitForSelector('#data .problem:not([hidden])')
  expect(await objections(page), 'refused').toEqual([])
  expectNoErrors({ errors })
})

another('axe-core finds nothing on a phone, whichever sheet is open', async () => {
  const { page, errors } = await opened('iris', 390, 844)
  expect(await objections(page), 'phone').toEqual([])
  for (const tab of ['data', 'network', 'training', 'charts', 'answers']) {
    await click(page, `#tab-${tab}`)
    await new Promise((resolve) => setTimeout(resolve, 400)) // the sheet slides in
    expect(await objections(page), tab).toEqual([])
    await click(page, `#tab-${tab}`)
  }
  expectNoErrors({ errors })
})

another(
  'axe-core finds nothing in the answers: a network compared with another, a finding with its cures and thresholds, a run that stopped',
  async () => {
    const { page, errors } = await opened('depth-comparison')
    await click(page, '#question-optimizer')
    await page.waitForSelector('.contest-table tbody tr:nth-child(4)')
    expect(await objections(page), 'optimizer').toEqual([])
    await page.evaluate(() => void globalThis.gradscope.session.experiments.adopt(0))
    await page.waitForFunction(() => globalThis.gradscope.session.trainers.length === 1)
    await setPlaying(page, true)
    await click(page, '#question-health')
    await page.waitForSelector('.finding .cures')
    await setPlaying(page, false)
    await click(page, '.finding .show')
    await click(page, '.findings [aria-expanded]')
    expect(await objections(page), 'health').toEqual([])

    const layers: Layer[] = [{ type: 'dense', units: 16 }, { type: 'relu' }, { type: 'dense', units: 1 }]
    await runLayers(page, layers, { loss: 'mse', optimizer: { type: 'sgd', learningRate: 1e18 } }, { endless: true })
    await setPlaying(page, true)
    await page.waitForSelector('.not-finite-ways button:last-child:not(:disabled)')
    expect(await objections(page), 'not finite').toEqual([])
    expectNoErrors({ errors })
  },
)
