/** The language that the page begins with, before anything is built: of its address, else of the browser. */
import { effect } from '@preact/signals'
import { sayPage } from '../ui/dom.ts'
import { language, preferred, said, speak, type Language } from '../words/language.ts'
import type { Code } from '../../words/say.ts'
import { addressIn, goTo } from './address.ts'

const asked = new URLSearchParams(location.search).get('lang')

/** Resolves once it is spoken; where its words do not load the page stays in English. */
export const spoken: Promise<void> = speak(preferred(asked, navigator.languages)).catch((error: unknown) => console.warn(error))

effect(() => {
  document.documentElement.lang = language.value
})
// index.html names sentences of the page's own words, without values.
sayPage((code) => said({ code: code as Code, values: {} }))

/** A person's choice, which the address then says. */
export async function chooseLanguage(chosen: Language): Promise<void> {
  await speak(chosen)
  goTo(addressIn(location.href, chosen, navigator.languages))
}
