/** The page's address: which preset it asks for, and which is at hand. */
import type { Session } from '../run/session.ts'

/** The page's own words for presets. */
const aliases: Record<string, string> = { compare: 'depth-comparison' }

/** The preset that an address asks for, `mnist` unless it does; and what it asks for where there is no such preset. */
export function askedPreset(search: string, presetNames: readonly string[]): { name: string; unknown: string | null } {
  const asked = new URLSearchParams(search).get('preset')
  const name = asked === null ? 'mnist' : Object.hasOwn(aliases, asked) ? aliases[asked]! : asked
  return presetNames.includes(name) ? { name, unknown: null } : { name: 'mnist', unknown: asked }
}

/** What is said of a preset that there is not. */
export const unknownPresetText = (unknown: string, presetNames: readonly string[]): string =>
  `There is no preset ${JSON.stringify(unknown)}, so this is mnist. The presets are ${[...presetNames, ...Object.keys(aliases)].join(', ')}.`

/** The address for a preset, or for own data; what else it says stays. */
export function addressFor(href: string, preset: string | null): string {
  const address = new URL(href)
  if (preset === null) address.searchParams.delete('preset')
  else address.searchParams.set('preset', preset)
  return address.href
}

/** Keeps the address up with what is chosen. */
export function followAddress({ state }: Session): void {
  state.watch(
    ({ preset, draft, loading }) => (draft || loading !== null ? (preset ?? '') : null),
    (chosen) => {
      if (chosen === null) return
      const address = addressFor(location.href, chosen || null)
      if (address !== location.href) history.replaceState(history.state, '', address)
    },
  )
}
