/** What a value is and must be. `where` is its place in a model file, a table or the options of a call. */
import { listed } from './parts.ts'

export const values = {
  'error.in': ({ source, sentence }: { source: string; sentence: string }) => `${source}: ${sentence}`,
  'error.other': ({ text }: { text: string }) => text,
  'expected.number': 'a number',
  'expected.positive': 'a positive number',
  'expected.notNegative': 'a number of at least 0',
  'expected.belowOne': 'a number from 0 to below 1',
  'expected.upToOne': 'a number from 0 to 1',
  'expected.positiveInteger': 'a positive integer',
  'expected.wholeNumber': 'an integer of at least 0',
  'expected.integerFrom': ({ least, most }: { least: number; most: string | number }) => `an integer from ${least} to ${most}`,
  'expected.boolean': 'true or false',
  'expected.text': 'text',
  'expected.someText': 'text that is not empty',
  'expected.list': 'a list',
  'expected.object': 'an object',
  'expected.single': ({ expected }: { expected: string }) => `${expected} in single precision, whose sizes go from 1.18e-38 to 3.4e+38`,
  'expected.oneOf': ({ choices }: { choices: readonly string[] }) => `one of ${listed(choices)}`,
  'value.missing': ({ where, expected }: { where: string; expected: string }) => `${where} is missing, expected ${expected}`,
  'value.wrong': ({ where, found, expected }: { where: string; found: string; expected: string }) =>
    `${where} is ${found}, expected ${expected}`,
  'value.none': 'none',
  'key.unknown': ({ key, choices }: { key: string; choices: readonly string[] }) =>
    `unknown key ${key}, expected one of ${listed(choices)}`,
  'key.unknownAt': ({ where, key, choices }: { where: string; key: string; choices: readonly string[] }) =>
    `unknown key ${key} at ${where}, expected one of ${listed(choices)}`,
  'kind.missing': ({ where, kind, choices }: { where: string; kind: string; choices: readonly string[] }) =>
    `${kind} without a type at ${where}, expected one of ${listed(choices)}`,
  'kind.unknown': ({ where, kind, found, choices }: { where: string; kind: string; found: string; choices: readonly string[] }) =>
    `unknown ${kind} ${found} at ${where}, expected one of ${listed(choices)}`,
  'kind.layer': 'layer',
  'kind.optimizer': 'optimizer',
  'kind.schedule': 'schedule',
  'kind.initializer': 'initializer',
}
