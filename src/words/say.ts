/** Sentences for people, made from a code and values in the words of a language. */
import type { en } from './en/index.ts'

/** The same sentences in another language: a text for a text, and for a function one of the same values. */
export type In<English> = { [Key in keyof English]: English[Key] extends (values: infer V) => string ? (values: V) => string : string }

/** Every sentence of a language by its code. */
export type Words = In<typeof en>
export type Code = keyof Words

/** A value that files know by a path or a name, and the page by its own words: a layer, a setting, a loss. */
export interface Named {
  readonly path: string
  /** What files call it, where that is not its path. */
  readonly name?: string | Message
  /** Of a layer: the setting that is wrong, where the sentence itself says which. */
  readonly key?: string
}

/** What readers call a place; undefined: as files do. */
export type PlaceName = (path: string) => string | undefined

/** What a sentence may be given for a value: of a text also a sentence or a place, which is said first. */
type Given<Value> = Value extends readonly (infer Item)[] ? readonly Given<Item>[] : Value extends string ? Value | Message | Named : Value

/** Of sentences that speak of nothing else. */
export type PlainCode = { [C in Code]: Words[C] extends string ? C : never }[Code]

/** What a sentence with this code speaks of. */
export type ValuesOf<C extends Code> = Words[C] extends (values: infer V) => string ? { [Key in keyof V]: Given<V[Key]> } : NoValues
type NoValues = Record<string, never>

/** A sentence, or a part of one, before it is said in a language. It can be stored and sent. */
export interface Message {
  readonly code: Code
  readonly values: Readonly<Record<string, unknown>>
}

/** The values of a sentence, left out where it speaks of none; those `Known` come from elsewhere. */
export type ArgumentsOf<C extends Code, Known extends string = never> =
  Omit<ValuesOf<C>, Known> extends NoValues ? [] : [values: Omit<ValuesOf<C>, Known>]

export const message = <C extends Code>(code: C, ...[values]: ArgumentsOf<C>): Message => ({ code, values: values ?? {} })

const has = (value: unknown, key: string): value is object => typeof value === 'object' && value !== null && key in value
export const isMessage = (value: unknown): value is Message => has(value, 'code') && has(value, 'values')
const isNamed = (value: unknown): value is Named => has(value, 'path')

/** The sentence in these words. */
export function say(words: Words, { code, values }: Message, placeName: PlaceName = () => undefined): string {
  const word = words[code] as string | ((values: Record<string, unknown>) => string)
  if (typeof word === 'string') return word
  const said = (value: unknown): unknown => {
    if (isMessage(value)) return say(words, value, placeName)
    if (isNamed(value)) return placeName(value.path) ?? said(value.name ?? value.path)
    return Array.isArray(value) ? value.map(said) : value
  }
  return word(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, said(value)])))
}
