/** The preset that the page's address names. */
import { presetAliases } from '../../data/presets.ts'
import { message, type Message } from '../../words/say.ts'

/** The preset that an address asks for, by default `mnist`; and what it asks for when there is no such preset. */
export function askedPreset(search: string, presetNames: readonly string[]): { name: string; unknown: string | null } {
  const asked = new URLSearchParams(search).get('preset')
  const name = asked === null ? 'mnist' : ((Object.hasOwn(presetAliases, asked) ? presetAliases[asked] : undefined) ?? asked)
  return presetNames.includes(name) ? { name, unknown: null } : { name: 'mnist', unknown: asked }
}

export const unknownPreset = (asked: string, presetNames: readonly string[]): Message =>
  message('page.noPreset', { asked, presets: [...presetNames, ...Object.keys(presetAliases)] })
