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

test('repeats lines for every value of a name, nested, and writes expressions', () => {
  const main = '#each I 2\n#each J N / 2\ns$(I)_$(J) = $((I + 1) * (J + N));\n#end\n#end'
  expect(preprocess('main', from({ main }), { N: 4 })).toBe('s0_0 = 4;\ns0_1 = 5;\ns1_0 = 8;\ns1_1 = 10;')
  expect(preprocess('main', from({ main: '#each I 3\n#if I % 2 == 0 && !OFF\n$(I)\n#else\nodd\n#endif\n#end' }), { OFF: false })).toBe(
    '0\nodd\n2',
  )
  expect(preprocess('main', from({ main: '#each I N - 2\nnever\n#end\nrest' }), { N: 2 })).toBe('rest')
})

test('names the file and line of a bad expression or an open loop', () => {
  expect(() => preprocess('main', from({ main: 'a\nb $(1 +)' }))).toThrow('main.wgsl:2: cannot read the end in (1 +)')
  expect(() => preprocess('main', from({ main: '#each I 2\na' }))).toThrow('main.wgsl:1: #each without #end')
  expect(() => preprocess('main', from({ main: '#if A\n#end' }))).toThrow('main.wgsl:2: #end without #each')
  expect(() => preprocess('main', from({ main: '#each 2' }))).toThrow('main.wgsl:1: malformed directive #each 2')
})
