import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folders = ['src', 'shaders', 'bench', 'test', 'tools']
const code = /\.(?:tsx?|mjs|css|wgsl|py|html)$/
/** Tables of words are as long as what there is to say; what is installed is another's. */
const others = /^src\/words\/\w+\/|^tools\/(?:docs|native)\/|node_modules/

test('a file holds one idea: at most 300 lines', () => {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
  )
  const read = files.filter((path) => code.test(path) && !others.test(path))
  expect(read.length).toBeGreaterThan(600)
  const long = read.map((path) => [path, readFileSync(join(root, path), 'utf8').split('\n').length - 1] as const)
  expect(long.filter(([, lines]) => lines > 300)).toEqual([])
})
