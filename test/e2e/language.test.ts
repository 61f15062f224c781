import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { click, expectNoErrors, servedSite, untilStep } from './page.ts'
import { test } from '../kinds.ts'

const start = servedSite()

const untilSpoken = (page: Page, language: string) =>
  page.waitForFunction((wanted) => document.documentElement.lang === wanted, {}, language)
const name = (page: Page, selector: string) => page.$eval(selector, (element) => element.getAttribute('aria-label'))
const query = (page: Page) => new URL(page.url()).search

async function choose(page: Page, language: string): Promise<void> {
  await click(page, '#language')
  // It opens at the one that is spoken.
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-checked'))).toBe('true')
  await click(page, `.menu ::-p-text(${language})`)
}

test('the page speaks the language of its address, and another one when a person chooses it', async () => {
  const { page, errors } = await start('?preset=xor&lang=zh', { width: 1440, height: 900 })
  await untilSpoken(page, 'zh')
  await untilStep(page, 5)
  expect(await page.$eval('#network-title', (element) => element.textContent)).toContain('网络')
  expect(await name(page, '#reset')).toBe('重置到第 0 步')
  await page.waitForFunction(() => document.querySelector('.legend-rows')?.textContent?.includes('全连接 1'))
  await page.waitForFunction(() => document.querySelector('.view-labels')?.textContent?.includes('输入 2'))
  expect(query(page)).toBe('?preset=xor&lang=zh')

  await choose(page, 'English')
  await untilSpoken(page, 'en')
  await page.waitForFunction(() => document.querySelector('.legend-rows')?.textContent?.includes('Dense 1'))
  await page.waitForFunction(() => document.querySelector('.view-labels')?.textContent?.includes('input 2'))
  expect(await name(page, '#reset')).toBe('Reset to step 0')
  // The browser's own preference needs no word.
  expect(query(page)).toBe('?preset=xor')

  await choose(page, '中文')
  await untilSpoken(page, 'zh')
  expect(await name(page, '#language')).toBe('语言')
  expect(query(page)).toBe('?preset=xor&lang=zh')
  expectNoErrors({ errors })
})
