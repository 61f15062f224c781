/** The language of the page: English or Chinese, whatever the browser prefers until a person chooses. */
import { computed, signal } from '@preact/signals'
import { sayError, type InputError } from '../../errors.ts'
import { en } from '../../words/en/index.ts'
import { message, say, type ArgumentsOf, type Code, type Message, type PlaceName, type Words } from '../../words/say.ts'

export type Language = 'en' | 'zh'
/** As each calls itself. */
export const languages: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' }

const spoken = signal<{ language: Language; words: Words }>({ language: 'en', words: en })

/** The language at hand; what reads it in an effect or a component follows it. */
export const language = computed(() => spoken.value.language)

/** A sentence in the language at hand; follows it likewise. */
export const t = <C extends Code>(code: C, ...values: ArgumentsOf<C>): string => said(message(code, ...values))
export const said = (told: Message): string => say(spoken.value.words, told)
/** The same with what readers call places. */
export const saidBy = (placeName: PlaceName, told: Message): string => say(spoken.value.words, told, placeName)
/** An error in the language at hand; `placeName` is what readers call a path. */
export const saidError = (error: InputError, placeName?: PlaceName): string => sayError(spoken.value.words, error, placeName)

/** Speaks a language from when its words are there. */
export async function speak(wanted: Language): Promise<void> {
  const words = wanted === 'en' ? en : (await import('../../words/zh/index.ts')).zh
  spoken.value = { language: wanted, words }
}

/** The first of these that the page speaks: of an address, then of a browser. */
export function preferred(asked: string | null, browser: readonly string[]): Language {
  const known = (name: string | null): Language | undefined =>
    /^zh\b/i.test(name ?? '') ? 'zh' : /^en\b/i.test(name ?? '') ? 'en' : undefined
  return [asked, ...browser].map(known).find((found) => found !== undefined) ?? 'en'
}
