import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { projectRoot, temporaryFolder } from './command.ts'

/** Scripts that a script waits for before it runs: what it imports, and what that imports. */
function reachable(folder: string, first: string): string[] {
  const found = new Set([first])
  for (const name of found) {
    const code = readFileSync(join(folder, name), 'utf8')
    for (const [, path] of code.matchAll(/\b(?:from|import)\s*["'`](\.[^"'`]+\.js)["'`]/g)) found.add(join('assets', path!))
  }
  return [...found]
}

test('what the page waits for before it is painted is small; 3D and engine are fetched beside it', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder()
  const vite = join(projectRoot, 'node_modules/vite/bin/vite.js')
  await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', folder, '--emptyOutDir'], { cwd: projectRoot })
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const scripts = [...html.matchAll(/<script[^>]+src="\.\/([^"]+)"/g)].map(([, path]) => path!)
  expect(scripts).toHaveLength(1)

  const waitedFor = reachable(folder, scripts[0]!)
  const bytes = waitedFor.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0)
  expect(waitedFor.length).toBeGreaterThan(1)
  expect(bytes).toBeGreaterThan(1000)
  expect(bytes, waitedFor.join(', ')).toBeLessThan(150_000)

  const preloaded = [...html.matchAll(/<link rel="modulepreload"[^>]+href="\.\/([^"]+)"/g)].map(([, path]) => path!)
  for (const name of ['three', 'engine', 'view', 'main']) expect(preloaded.some((path) => path.startsWith(`assets/${name}-`))).toBe(true)
})
