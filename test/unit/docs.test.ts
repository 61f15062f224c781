import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
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

/** The blocks of TypeScript of a page, one after the other: each goes on from those before it. */
const snippets = (page: string): string =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((found) => found[1]).join('\n')

/** What the compiler says of a module, under this project's own settings. */
function complaints(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'gradscope-snippet-'))
  try {
    writeFileSync(join(folder, 'snippet.ts'), text)
    const paths = { gradscope: [join(root, 'src/index.ts')] }
    const types = ['@types/node', '@webgpu/types', 'vite/client']
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { paths, types: types.map((name) => join(root, 'node_modules', name)) },
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, include: ['snippet.ts'] }))
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' })
    return stdout.split('\n').filter(Boolean)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test.each(['README.md', 'docs/library.md'])('the snippets of %s compile as they stand', (page) => {
  expect(snippets(page)).toContain("from 'gradscope'")
  expect(complaints(snippets(page))).toEqual([])
  expect(complaints(`${snippets(page)}\nengine.noSuchCall()`)).toHaveLength(1)
})
