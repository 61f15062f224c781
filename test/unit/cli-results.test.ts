import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { resultsIn } from '../../tools/cli/results.mjs'

function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'gradscope-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
const bytes = (text: string) => new TextEncoder().encode(text)

test('each file is written at once, and nothing before the first', () => {
  const folder = join(temporaryFolder(), 'deep', 'out')
  const results = resultsIn(folder)
  expect(existsSync(folder)).toBe(false)
  const whole = ['model.json', 'model.safetensors', 'history.json', 'findings.json', 'view.png'].map((name) => {
    results.write(name, bytes(name))
    expect(readFileSync(join(folder, name), 'utf8')).toBe(name)
    return results.isWhole()
  })
  expect(whole).toEqual([false, false, false, true, true])
  expect(results.written.map((path) => path.slice(folder.length + 1))).toEqual(readdirSync(folder).sort((a, b) => order(a) - order(b)))
})
const order = (name: string) => ['model.json', 'model.safetensors', 'history.json', 'findings.json', 'view.png'].indexOf(name)

test('a picture of an earlier run does not stay beside new parameters; other files do', () => {
  const folder = temporaryFolder()
  for (const name of ['view.png', 'history.json', 'notes.txt']) writeFileSync(join(folder, name), 'old')
  resultsIn(folder).write('model.json', bytes('new'))
  expect(readdirSync(folder).sort()).toEqual(['model.json', 'notes.txt'])
})
