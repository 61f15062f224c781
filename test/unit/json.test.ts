import { describe, expect, test } from 'vitest'
import { parseJson } from '../../src/json.ts'
import { message } from '../../src/words/say.ts'

const refusal = (text: string): string => {
  try {
    parseJson('f.json', text, message('json.model'))
  } catch (error) {
    return (error as Error).message
  }
  return 'none'
}

describe('text that is no JSON is refused at its first fault', () => {
  test.each([
    ['{"a": b}', 'at line 1, column 7 found "b", expected a value'],
    ['{"a": 1,\n b: 2}', 'at line 2, column 2 found "b", expected a key in double quotes'],
    ['{"a": 1,}', 'at line 1, column 9 found "}", expected a key in double quotes'],
    ['[1, 2', 'at line 1, column 6 found the end of the file, expected a comma or ]'],
    ['[1 2]', 'at line 1, column 4 found "2", expected a comma or ]'],
    ['[01]', 'at line 1, column 2 found "01", expected a value'],
    ['[NaN]', 'at line 1, column 2 found "NaN", expected a value'],
    ['["a\nb"]', 'at line 1, column 4 found "\\n", expected a closing quote'],
    ['["\\x"]', 'at line 1, column 3 found "\\\\", expected a character that a string may hold'],
    ['{"a" 1}', 'at line 1, column 6 found "1", expected a colon'],
    ['{} []', 'at line 1, column 4 found "[", expected nothing more'],
    ['[[[{"a": [1, {"b": tru}]}]]]', 'at line 1, column 20 found "tru", expected a value'],
    ['['.repeat(100_000), 'at line 1, column 100001 found the end of the file, expected a value'],
  ])('%.40s', (text, told) => {
    expect(refusal(text)).toBe(`f.json is not JSON: ${told} (a model file).`)
  })

  test('nothing at all is an empty file', () => {
    expect(refusal(' \n')).toBe('f.json: found an empty file, expected a model file.')
  })
})

test('what is JSON is read, whatever it holds', () => {
  const value = { a: [1, -2.5e3, true, null, 'q"\\\u2028'], b: {}, c: [] }
  expect(parseJson('f.json', JSON.stringify(value, null, 2), message('json.model'))).toEqual(value)
})
