import { expect, test } from 'vitest'
import { addressFor, addressIn } from '../../src/app/shell/address.ts'
import { askedPreset, unknownPreset } from '../../src/app/shell/asked-preset.ts'
import { preferred } from '../../src/app/words/language.ts'
import { inEnglish } from '../../src/words/english.ts'
import { presetNames } from '../../src/data/presets.ts'

test('an address asks for a preset by its name or by the page’s own word; one that there is not is mnist', () => {
  const asked = (search: string) => askedPreset(search, presetNames)
  expect(asked('')).toEqual({ name: 'mnist', unknown: null })
  expect(asked('?preset=iris&x=1')).toEqual({ name: 'iris', unknown: null })
  expect(asked('?preset=compare')).toEqual({ name: 'depth-comparison', unknown: null })
  for (const unknown of ['nonsense', '', '__proto__', 'toString']) expect(asked(`?preset=${unknown}`)).toEqual({ name: 'mnist', unknown })
})

test('what is said of an unknown preset names those there are', () => {
  const text = inEnglish(unknownPreset('nonsense', presetNames))
  expect(text).toMatch(/^There is no preset "nonsense", so this is mnist\. The presets are /)
  for (const name of [...presetNames, 'compare']) expect(text).toContain(name)
})

test('an address follows the preset, has none for own data, and keeps what else it says', () => {
  expect(addressFor('http://host/page/?preset=xor&a=b#c', 'iris')).toBe('http://host/page/?preset=iris&a=b#c')
  expect(addressFor('http://host/page/?preset=xor&a=b', null)).toBe('http://host/page/?a=b')
  expect(addressFor('http://host/page/', 'xor')).toBe('http://host/page/?preset=xor')
})

test('an address tells the language where it is not the one that the browser prefers, beside the preset', () => {
  expect(addressIn('http://host/page/?preset=xor#c', 'zh', ['en-US', 'zh'])).toBe('http://host/page/?preset=xor&lang=zh#c')
  expect(addressIn('http://host/page/?preset=xor&lang=zh', 'en', ['en-US'])).toBe('http://host/page/?preset=xor')
  expect(addressIn('http://host/page/', 'en', ['zh-CN', 'en'])).toBe('http://host/page/?lang=en')
  expect(addressIn('http://host/page/?lang=en', 'zh', ['zh-CN'])).toBe('http://host/page/')
  const both = addressFor('http://host/page/?lang=zh&preset=xor', 'iris')
  expect(both).toBe('http://host/page/?lang=zh&preset=iris')
  expect(askedPreset(new URL(both).search, presetNames)).toEqual({ name: 'iris', unknown: null })
})

test('the page begins in the language of its address, else in the first of the browser that it speaks, else in English', () => {
  expect(preferred('zh', ['en-US'])).toBe('zh')
  expect(preferred('en', ['zh-CN'])).toBe('en')
  expect(preferred(null, ['fr', 'zh-Hans-CN', 'en'])).toBe('zh')
  expect(preferred(null, ['fr', 'de'])).toBe('en')
  expect(preferred('klingon', ['zh-TW'])).toBe('zh')
  expect(preferred('', [])).toBe('en')
})
