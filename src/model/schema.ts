import { wrong, wrongAt } from '../errors.ts'
import { message, type Message, type Named } from '../words/say.ts'

/** Throws an InputError with the path where `value` is not what it must be. */
export type Check = (value: unknown, path: string) => void

const longest = 60

/** A found value as messages print it, on one line and not too long. */
export function found(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** Refuses what does not pass as not `expected`. */
export const unless = (test: (value: unknown) => boolean, expected: Message) => {
  return (value: unknown, path: string | Named): void => {
    if (value === undefined) throw wrongAt(path, 'value.missing', { expected })
    if (!test(value)) throw wrongAt(path, 'value.wrong', { found: found(value), expected })
  }
}

/** Of float32's normal numbers; a GPU may take a smaller one for 0. */
const smallestSize = 2 ** -126

/** Whether kernels can work with the number: finite as a float32, and 0 only where it is 0. */
const isSingle = (value: number): boolean =>
  value === 0 || (Number.isFinite(Math.fround(value)) && Math.abs(Math.fround(value)) >= smallestSize)

/** A number that passes, and still does as the float32 that kernels work with. */
const numberUnless = (test: (value: number) => boolean, expected: Message): Check => {
  const check = unless((value) => typeof value === 'number' && !Number.isNaN(value) && test(value), expected)
  const checkSingle = unless(
    (value) => isSingle(value as number) && test(Math.fround(value as number)),
    message('expected.single', { expected }),
  )
  return (value, path) => {
    check(value, path)
    checkSingle(value, path)
  }
}

export const number = numberUnless(() => true, message('expected.number'))
export const positive = numberUnless((value) => value > 0, message('expected.positive'))
export const notNegative = numberUnless((value) => value >= 0, message('expected.notNegative'))
export const belowOne = numberUnless((value) => value >= 0 && value < 1, message('expected.belowOne'))
export const upToOne = numberUnless((value) => value >= 0 && value <= 1, message('expected.upToOne'))
export const positiveInteger = unless((value) => Number.isSafeInteger(value) && (value as number) > 0, message('expected.positiveInteger'))
export const wholeNumber = unless((value) => Number.isSafeInteger(value) && (value as number) >= 0, message('expected.wholeNumber'))
export const integerUpTo = (most: number): Check =>
  unless(
    (value) => Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= most,
    message('expected.integerFrom', { least: 1, most }),
  )
export const seed = unless(
  (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 53,
  message('expected.integerFrom', { least: 0, most: '2^53' }),
)
export const boolean = unless((value) => typeof value === 'boolean', message('expected.boolean'))
export const text = unless((value) => typeof value === 'string', message('expected.text'))
export const anything: Check = () => {}

export const oneOf = (choices: readonly string[]): Check =>
  unless((value) => typeof value === 'string' && choices.includes(value), message('expected.oneOf', { choices }))

export const list = (each: Check, expected: Message): Check => {
  const isList = unless(Array.isArray, expected)
  return (value, path) => {
    isList(value, path)
    ;(value as unknown[]).forEach((item, i) => each(item, `${path}.${i}`))
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const mustBeObject = unless(isObject, message('expected.object'))
export function object(value: unknown, path: string | Named): asserts value is Record<string, unknown> {
  mustBeObject(value, path)
}

/** Checks an object's keys: all of `required`, any of `optional`, no others. A key whose value is undefined counts as absent. */
export function checkKeys(
  value: Record<string, unknown>,
  path: string,
  required: Record<string, Check>,
  optional: Record<string, Check> = {},
): void {
  const known = { ...required, ...optional }
  const within = (key: string): string => (path === '' ? key : `${path}.${key}`)
  for (const key of Object.keys(value)) {
    if (value[key] !== undefined && !Object.hasOwn(known, key)) {
      const unknown = { key: found(key), choices: Object.keys(known) }
      throw path === '' ? wrong('key.unknown', unknown) : wrongAt(path, 'key.unknownAt', unknown)
    }
  }
  for (const [key, check] of Object.entries(required)) check(value[key], within(key))
  for (const [key, check] of Object.entries(optional)) if (value[key] !== undefined) check(value[key], within(key))
}

/** Objects told apart by their `type`, each with its own required and optional keys. */
export type Variants = Record<string, { required?: Record<string, Check>; optional?: Record<string, Check> }>

export const variant =
  (kind: Message, variants: () => Variants): Check =>
  (value, path) => {
    object(value, path)
    const { type, ...rest } = value
    const table = variants()
    const keys = typeof type === 'string' && Object.hasOwn(table, type) ? table[type] : undefined
    if (!keys) {
      const choices = Object.keys(table)
      if (type === undefined) throw wrongAt(path, 'kind.missing', { kind, choices })
      throw wrongAt(path, 'kind.unknown', { kind, found: typeof type === 'string' ? type.slice(0, longest) : found(type), choices })
    }
    checkKeys(rest, path, keys.required ?? {}, keys.optional)
  }
