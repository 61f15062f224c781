import { en } from './words/en/index.ts'
import { say, type ArgumentsOf, type Code, type Message, type Words } from './words/say.ts'

/**
 * Bad input: what, where, found and expected, as a code and values. `message` is the sentence in English; `sayError` says it in another language, or
 * with another name for the place.
 */
export class InputError extends Error {
  override name = 'InputError'
  readonly told: Message
  /** Where in a model file or a table of options: `layers.2.units`; `where` in the sentence. */
  readonly path: string | undefined
  /** The file or call that it is about, named before the sentence. */
  readonly source: string | undefined

  constructor(told: Message | string, { path, source }: { path?: string; source?: string } = {}) {
    super(typeof told === 'string' ? told : sentence(en, told, path, source))
    this.told = told as Message
    this.path = path
    this.source = source
  }

  /** The same of a file or call. */
  of(source: string): InputError {
    return new InputError(this.told, { ...(this.path !== undefined && { path: this.path }), source })
  }
}

/** Bad input at a path, which is `where` in the sentence. */
export const wrongAt = <C extends Code>(path: string, code: C, ...[values]: ArgumentsOf<C, 'where'>): InputError =>
  new InputError({ code, values: { ...values } }, { path })

/** Bad input to which no path leads. */
export const wrong = <C extends Code>(code: C, ...[values]: ArgumentsOf<C>): InputError => new InputError({ code, values: { ...values } })

/** Does `work`; bad input in it is told as that of `source`. */
export function within<Result>(source: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw error instanceof InputError ? error.of(source) : error
  }
}

/** The sentence in these words; `placeName` says what readers call a path. */
export const sayError = (words: Words, { told, path, source }: InputError, placeName: (path: string) => string = (own) => own): string =>
  sentence(words, told, path === undefined ? undefined : placeName(path), source)

function sentence(words: Words, told: Message, where: string | undefined, source: string | undefined): string {
  const said = say(words, where === undefined ? told : { ...told, values: { ...told.values, where } })
  return source === undefined ? said : `${source}: ${said}`
}
