import { expect, test } from 'vitest'
import { addressFor, askedPreset, unknownPresetText } from '../../src/app/shell/address.ts'
import { presetNames } from '../../src/data/presets.ts'

test('an address asks for a preset by its name or by the page’s own word; one that there is not is mnist', () => {
  const asked = (search: string) => askedPreset(search, presetNames)
  expect(asked('')).toEqual({ name: 'mnist', unknown: null })
  expect(asked('?preset=iris&x=1')).toEqual({ name: 'iris', unknown: null })
  expect(asked('?preset=compare')).toEqual({ name: 'depth-comparison', unknown: null })
  for (const unknown of ['nonsense', '', '__proto__', 'toString']) expect(asked(`?preset=${unknown}`)).toEqual({ name: 'mnist', unknown })
})

test('what is said of an unknown preset names those there are', () => {
  const text = unknownPresetText('nonsense', presetNames)
  expect(text).toMatch(/^There is no preset "nonsense", so this is mnist\. The presets are /)
  for (const name of [...presetNames, 'compare']) expect(text).toContain(name)
})

test('an address follows the preset, has none for own data, and keeps what else it says', () => {
  expect(addressFor('http://host/page/?preset=xor&a=b#c', 'iris')).toBe('http://host/page/?preset=iris&a=b#c')
  expect(addressFor('http://host/page/?preset=xor&a=b', null)).toBe('http://host/page/?a=b')
  expect(addressFor('http://host/page/', 'xor')).toBe('http://host/page/?preset=xor')
})
