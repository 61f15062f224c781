import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { gradscope, temporaryFolder } from './command.ts'
import { another, test } from '../kinds.ts'
import { expectRepeated, goldenNames, goldens, ofEachKind, patience } from './goldens.ts'

// The folder for another machine (pack.test.ts) repeats them all there too.
test('recorded runs of each kind are repeated in the browser', () => expectRepeated(ofEachKind, 'browser'))
another.each(['browser', 'dawn'])('every recorded run is repeated (%s)', { timeout: patience }, (runtime) =>
  expectRepeated(goldenNames, runtime),
)

test('a case that asks for other numbers fails, and one with a broken file says why', async () => {
  const folder = temporaryFolder()
  for (const [from, to] of [
    ['adam', 'right'],
    ['adam', 'short'],
    ['momentum', 'other'],
  ] as const)
    for (const ending of ['json', 'safetensors']) copyFileSync(join(goldens, `${from}.${ending}`), join(folder, `${to}.${ending}`))
  const other = JSON.parse(readFileSync(join(folder, 'other.json'), 'utf8'))
  other.optimizer.momentum *= 1.02
  writeFileSync(join(folder, 'other.json'), JSON.stringify(other))
  writeFileSync(join(folder, 'short.safetensors'), readFileSync(join(folder, 'short.safetensors')).subarray(0, -4))
  const { status, stdout } = await gradscope(['verify', folder])
  const lines = stdout.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^FAIL other output=0\.0\d grad=0\.0\d loss=/)
  expect(lines[1]).toMatch(/^ok right /)
  expect(lines[2]).toMatch(/^FAIL short short\.safetensors: /)
  expect(lines[3]).toBe('1 passed, 2 failed')
  expect(status).toBe(1)
})

test('a directory without cases, a missing one and a wrong call exit 2', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'alone.json'), '{}')
  for (const [words, sentence] of [
    [[folder], 'holds no case'],
    [[join(folder, 'nowhere')], 'there is no directory'],
    [[], 'needs the directory'],
    [[goldens, '--runtime', 'node'], '--runtime takes one of browser, dawn'],
  ] as const) {
    const { status, stdout, stderr } = await gradscope(['verify', ...words])
    expect(stderr).toContain(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect([status, stdout]).toEqual([2, ''])
  }
})
