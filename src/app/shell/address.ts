/** The page's address: preset and language. */
import type { Session } from '../run/session.ts'
import { preferred, type Language } from '../words/language.ts'

/** The address for a preset, or with null for own data; the rest of it stays. */
export const addressFor = (href: string, preset: string | null): string => withParameter(href, 'preset', preset)

/** The address for a language: the one that the browser prefers needs no word of it. */
export const addressIn = (href: string, language: Language, browser: readonly string[]): string =>
  withParameter(href, 'lang', language === preferred(null, browser) ? null : language)

function withParameter(href: string, name: string, value: string | null): string {
  const address = new URL(href)
  if (value === null) address.searchParams.delete(name)
  else address.searchParams.set(name, value)
  return address.href
}

export function goTo(address: string): void {
  if (address !== location.href) history.replaceState(history.state, '', address)
}

/** Keeps the address up with the chosen preset. */
export function followAddress({ state }: Session): void {
  state.watch(
    ({ preset, draft, work }) => (draft || work.kind === 'loading' ? (preset ?? '') : null),
    (chosen) => {
      if (chosen !== null) goTo(addressFor(location.href, chosen || null))
    },
  )
}
