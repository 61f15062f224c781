/** Sentences for people, made from a code and values in the words of a language. */
import type { en } from './en/index.ts'

/** The same sentences in another language: a text for a text, and for a function one of the same values. */
export type In<English> = { [Key in keyof English]: English[Key] extends (values: infer V) => string ? (values: V) => string : string }

/** Every sentence of a language by its code. */
export type Words = In<typeof en>
export type Code = keyof Words

/** What a sentence with this code speaks of. A value, or an item of a list, may be a message itself, which is said first. */
export type ValuesOf<C extends Code> = Words[C] extends (values: infer V) => string ? { [Key in keyof V]: Told<V[Key]> } : NoValues
type Told<V> = V extends readonly (infer Item)[] ? readonly (Item | Message)[] | Message : V | Message
type NoValues = Record<string, never>

/** A sentence, or a part of one, before it is said in a language. It can be stored and sent. */
export interface Message {
  readonly code: Code
  readonly values: Readonly<Record<string, unknown>>
}

/** The values of a sentence, left out where it speaks of none; `where` comes from elsewhere. */
export type ArgumentsOf<C extends Code, Given extends string = never> =
  Omit<ValuesOf<C>, Given> extends NoValues ? [] : [values: Omit<ValuesOf<C>, Given>]

export const message = <C extends Code>(code: C, ...[values]: ArgumentsOf<C>): Message => ({ code, values: values ?? {} })

const isMessage = (value: unknown): value is Message => typeof value === 'object' && value !== null && 'code' in value && 'values' in value

/** The sentence in these words. */
export function say(words: Words, { code, values }: Message): string {
  const word = words[code] as string | ((values: Record<string, unknown>) => string)
  if (typeof word === 'string') return word
  const said = (value: unknown): unknown => (isMessage(value) ? say(words, value) : Array.isArray(value) ? value.map(said) : value)
  return word(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, said(value)])))
}
