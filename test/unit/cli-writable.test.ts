import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkFolder } from '../../tools/cli/writable.mjs'

const root = mkdtempSync(join(tmpdir(), 'writable-'))
writeFileSync(join(root, 'file'), '')
afterAll(() => rmSync(root, { recursive: true }))

test('a folder that is there, or can be made, is taken; nothing is made', () => {
  expect(() => checkFolder('--out', root)).not.toThrow()
  expect(() => checkFolder('--out', join(root, 'new', 'deeper'))).not.toThrow()
})

test('a file in its place or on the way is told', () => {
  const file = join(root, 'file')
  expect(() => checkFolder('--out', file)).toThrow(`--out ${file} is a file, expected a directory.`)
  expect(() => checkFolder('--out', join(file, 'sub', 'sub'))).toThrow(`--out ${file} is a file, expected a directory.`)
})

test('a folder without leave to write is told', () => {
  chmodSync(root, 0o500)
  const check = () => checkFolder('--out', join(root, 'new'))
  try {
    if (process.getuid?.() === 0)
      expect(check).not.toThrow() // who may do anything
    else expect(check).toThrow('cannot be written (EACCES).')
  } finally {
    chmodSync(root, 0o700)
  }
})
