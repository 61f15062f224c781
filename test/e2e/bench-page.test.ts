import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElementHandle, Page } from 'puppeteer'
import { expect, test } from 'vitest'
import { temporaryFolder } from './command.ts'
import { click, expectNoErrors, servedSite } from './page.ts'

const open = servedSite()
const textOf = (page: Page, selector: string) => page.$eval(selector, (element) => element.textContent ?? '')

const row = {
  suite: 'limits',
  name: 'fma-vec4fx4',
  engine: 'gradscope',
  unit: 'GFLOP/s',
  median: 1e6,
  best: 1e6,
  spread: 0,
  blocks: 2,
  ok: true,
  error: 0,
}
const other = {
  format: 'gradscope-bench/1',
  adapter: 'another GPU',
  browser: 'b',
  driver: 'd',
  date: '2026-01-01T00:00:00Z',
  rows: [row],
}

test('the bench as a page measures, shows and compares, and says what is wrong with a call or a file', async () => {
  const { page, errors } = await open('bench/index.html', { width: 1440, height: 900 })
  await page.waitForSelector('body[data-phase="ready"]')
  expect(await textOf(page, '#adapter')).toMatch(/swiftshader/i)

  const type = async (rounds: string) => {
    await click(page, '#rounds', { count: 3 })
    await page.type('#rounds', rounds)
  }
  await type('0')
  await click(page, '#run')
  expect(await textOf(page, '#problem')).toBe('Rounds: a whole number from 1 to 1000.')

  const folder = temporaryFolder()
  const drop = async (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    const input = (await page.$('#compare-file')) as ElementHandle<HTMLInputElement>
    await input.uploadFile(join(folder, name))
  }
  // Before anything is measured here, another machine's result is shown by itself; on a phone its table scrolls, with its headings.
  await drop('other.json', JSON.stringify(other))
  await page.waitForFunction(() => document.querySelector('#tables')?.textContent?.includes('1,000,000 GFLOP/s'))
  await page.setViewport({ width: 390, height: 844 })
  expect(await page.$eval('#table-limits th:nth-child(2)', (head) => head.getBoundingClientRect().height)).toBeGreaterThan(10)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await page.setViewport({ width: 1440, height: 900 })
  await click(page, '#compared button')
  expect(await textOf(page, '#tables')).toBe('')

  await type('2')
  for (const suite of ['limits', 'kernels', 'training', 'view']) await click(page, `#suite-${suite}`)
  await click(page, '#run')
  expect(await textOf(page, '#problem')).toBe('Choose at least one suite.')

  await click(page, '#suite-limits')
  await click(page, '#run')
  await page.waitForFunction(() => document.querySelector('#what')?.textContent?.startsWith('Measured'), { timeout: 120_000 })
  expect(await textOf(page, '#tables')).toMatch(/fma-vec4fx4.*GFLOP\/s/s)
  expect(await page.$eval('#download', (button) => (button as HTMLButtonElement).disabled)).toBe(false)

  await drop('broken.json', '{')
  await page.waitForFunction(() => document.querySelector('#problem')?.textContent?.startsWith('broken.json is not JSON'))
  await drop('wrong.json', JSON.stringify({ ...other, rows: [{ ...row, unit: 'steps' }] }))
  await page.waitForFunction(() => document.querySelector('#problem')?.textContent?.startsWith('wrong.json: rows.0.unit is "steps"'))
  await drop('other.json', JSON.stringify(other))
  await page.waitForFunction(() => document.querySelector('#compared')?.textContent?.includes('another GPU'))
  expect(await textOf(page, '#table-limits')).toMatch(/there.*here is/)
  expectNoErrors({ errors })
})
