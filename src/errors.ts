import { en } from './words/en/index.ts'
import { message, say, type ArgumentsOf, type Code, type Message, type Named, type PlaceName, type Words } from './words/say.ts'

/** The file, call or part of a file that bad input is in; a message where it is more than a name. */
type Source = string | Message

/**
 * Bad input: what, where, found and expected, as a code and values. `message` is the sentence in English; `sayError` says it in another language, or
 * with other names for places.
 */
export class InputError extends Error {
  override name = 'InputError'
  readonly told: Message
  /** Where in a model file or a table of options: `layers.2.units`; `where` in the sentence. */
  readonly path: string | undefined
  /** What the sentence begins with. */
  readonly source: Source | undefined

  constructor(told: Message, { path, source }: { path?: string | Named; source?: Source } = {}) {
    const where = typeof path === 'string' ? { path } : path
    const whole = where ? { ...told, values: { ...told.values, where } } : told
    super(sentence(en, whole, source))
    this.told = whole
    this.path = where && (where.key === undefined ? where.path : `${where.path}.${where.key}`)
    this.source = source
  }

  /** The same of a file or call. */
  of(source: Source): InputError {
    const { where } = this.told.values as { where?: Named }
    return new InputError(this.told, { ...(where && { path: where }), source })
  }
}

/** Bad input at a path, which is `where` in the sentence. */
export const wrongAt = <C extends Code>(path: string | Named, code: C, ...[values]: ArgumentsOf<C, 'where'>): InputError =>
  new InputError({ code, values: { ...values } }, { path })

/** Bad input to which no path leads. */
export const wrong = <C extends Code>(code: C, ...[values]: ArgumentsOf<C>): InputError => new InputError({ code, values: { ...values } })

/** Bad input in a file, or of a call. */
export const wrongIn = <C extends Code>(source: Source, code: C, ...[values]: ArgumentsOf<C>): InputError =>
  new InputError({ code, values: { ...values } }, { source })

/** Does `work`; bad input in it is told as that of `source`. */
export function within<Result>(source: Source, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw error instanceof InputError ? error.of(source) : error
  }
}

/** The sentence in these words; `placeName` says what readers call a path. */
export const sayError = (words: Words, { told, source }: InputError, placeName?: PlaceName): string =>
  sentence(words, told, source, placeName)

function sentence(words: Words, told: Message, source: Source | undefined, placeName?: PlaceName): string {
  const said = say(words, told, placeName)
  if (source === undefined) return said
  return say(words, message('error.in', { source, sentence: said }))
}
