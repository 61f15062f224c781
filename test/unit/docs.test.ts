import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../tools/vite.mjs'

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'bench/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** Relative links of a page that lead nowhere. */
const brokenLinks = (page: string, text: string): string[] =>
  [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)]
    .map((found) => found[1]!)
    .filter((link) => !existsSync(join(root, dirname(page), link)))

test.each(pages)('every link of %s leads to a file', (page) => {
  const text = readFileSync(join(root, page), 'utf8')
  expect(brokenLinks(page, text)).toEqual([])
  expect(brokenLinks(page, '[a](no-such-file.ts)')).toEqual(['no-such-file.ts'])
})

test('the README is short enough to be read', () => {
  const words = readFileSync(join(root, 'README.md'), 'utf8').split(/\s+/).filter(Boolean)
  expect(words.length).toBeLessThan(900)
})
