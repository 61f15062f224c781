import { InputError } from '../errors.ts'

/** Throws an InputError that names the path where `value` is not what it must be. */
export type Check = (value: unknown, path: string) => void

const longest = 60

/** A found value as messages print it, on one line and not too long. */
export function found(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

const unless = (test: (value: unknown) => boolean, expected: string): Check => {
  return (value, path) => {
    if (value === undefined) throw new InputError(`${path} is missing, expected ${expected}`)
    if (!test(value)) throw new InputError(`${path} is ${found(value)}, expected ${expected}`)
  }
}

/** Of float32's normal numbers; a GPU may take a smaller one for 0. */
const smallestSize = 2 ** -126

/** Whether kernels can work with the number: finite as a float32, and 0 only where it is 0. */
const isSingle = (value: number): boolean =>
  value === 0 || (Number.isFinite(Math.fround(value)) && Math.abs(Math.fround(value)) >= smallestSize)

/** A number that passes, and still does as the float32 that kernels work with. */
const numberUnless = (test: (value: number) => boolean, expected: string): Check => {
  const check = unless((value) => typeof value === 'number' && !Number.isNaN(value) && test(value), expected)
  const checkSingle = unless(
    (value) => isSingle(value as number) && test(Math.fround(value as number)),
    `${expected} in single precision, whose sizes go from 1.18e-38 to 3.4e+38`,
  )
  return (value, path) => {
    check(value, path)
    checkSingle(value, path)
  }
}

export const number = numberUnless(() => true, 'a number')
export const positive = numberUnless((value) => value > 0, 'a positive number')
export const notNegative = numberUnless((value) => value >= 0, 'a number of at least 0')
export const belowOne = numberUnless((value) => value >= 0 && value < 1, 'a number from 0 to below 1')
export const upToOne = numberUnless((value) => value >= 0 && value <= 1, 'a number from 0 to 1')
export const positiveInteger = unless((value) => Number.isSafeInteger(value) && (value as number) > 0, 'a positive integer')
export const wholeNumber = unless((value) => Number.isSafeInteger(value) && (value as number) >= 0, 'an integer of at least 0')
export const integerUpTo = (most: number): Check =>
  unless((value) => Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= most, `an integer from 1 to ${most}`)
export const seed = unless(
  (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 53,
  'an integer from 0 to 2^53',
)
export const boolean = unless((value) => typeof value === 'boolean', 'true or false')
export const anything: Check = () => {}

export const oneOf = (choices: readonly string[]): Check =>
  unless((value) => typeof value === 'string' && choices.includes(value), `one of ${choices.join(', ')}`)

export const list = (each: Check, expected: string): Check => {
  const isList = unless(Array.isArray, expected)
  return (value, path) => {
    isList(value, path)
    ;(value as unknown[]).forEach((item, i) => each(item, `${path}.${i}`))
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const mustBeObject = unless(isObject, 'an object')
export function object(value: unknown, path: string): asserts value is Record<string, unknown> {
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
      const where = path === '' ? '' : ` at ${path}`
      throw new InputError(`unknown key ${found(key)}${where}, expected one of ${Object.keys(known).join(', ')}`)
    }
  }
  for (const [key, check] of Object.entries(required)) check(value[key], within(key))
  for (const [key, check] of Object.entries(optional)) if (value[key] !== undefined) check(value[key], within(key))
}

/** Objects told apart by their `type`, each with its own required and optional keys. */
export type Variants = Record<string, { required?: Record<string, Check>; optional?: Record<string, Check> }>

export const variant =
  (kind: string, variants: () => Variants): Check =>
  (value, path) => {
    object(value, path)
    const { type, ...rest } = value
    const table = variants()
    const keys = typeof type === 'string' && Object.hasOwn(table, type) ? table[type] : undefined
    if (!keys) {
      const what =
        type === undefined ? `${kind} without a type` : `unknown ${kind} ${typeof type === 'string' ? type.slice(0, longest) : found(type)}`
      throw new InputError(`${what} at ${path}, expected one of ${Object.keys(table).join(', ')}`)
    }
    checkKeys(rest, path, keys.required ?? {}, keys.optional)
  }
