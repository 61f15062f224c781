import { expect, test } from 'vitest'
import { preprocess } from '../../src/gpu/preprocess.ts'

const from = (files: Record<string, string>) => (name: string) =>
  files[name] ??
  (() => {
    throw new Error(`no ${name}`)
  })()

test('includes a file once, by name or through a define', () => {
  const files = { main: '#include part\n#include PICK\n#include part\nend', part: 'part', tanh: 'tanh' }
  expect(preprocess('main', from(files), { PICK: 'tanh' })).toBe('part\ntanh\nend')
})

test('keeps the branch that the define chooses, nested too', () => {
  const main = '#if A\na\n#if B\nb\n#else\nnot b\n#endif\n#else\nnot a\n#endif\nrest'
  expect(preprocess('main', from({ main }), { A: true })).toBe('a\nnot b\nrest')
  expect(preprocess('main', from({ main }), { A: 1, B: 'x' })).toBe('a\nb\nrest')
  expect(preprocess('main', from({ main }), { A: 0, B: true })).toBe('not a\nrest')
})

test('replaces whole words only', () => {
  expect(preprocess('main', from({ main: 'SIZE MYSIZE SIZE_2 f(SIZE)' }), { SIZE: 4 })).toBe('4 MYSIZE SIZE_2 f(4)')
})

test('names the file and line of a mistake', () => {
  expect(() => preprocess('main', from({ main: 'a\n#endif' }))).toThrow('main.wgsl:2: #endif without #if')
  expect(() => preprocess('main', from({ main: '#if A\n' }))).toThrow('main.wgsl:1: #if without #endif')
  expect(() => preprocess('main', from({ main: '#define X' }))).toThrow('main.wgsl:1: unknown directive #define')
})
