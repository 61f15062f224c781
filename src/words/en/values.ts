/** What a value is and must be. `where` is its place in a model file, a table or the options of a call. */
const listed = (items: readonly string[]): string => items.join(', ')

export const values = {
  'expected.number': 'a number',
  'expected.positive': 'a positive number',
  'expected.positiveInteger': 'a positive integer',
  'expected.single': ({ expected }: { expected: string }) => `${expected} in single precision, whose sizes go from 1.18e-38 to 3.4e+38`,
  'expected.oneOf': ({ choices }: { choices: readonly string[] }) => `one of ${listed(choices)}`,
  'value.missing': ({ where, expected }: { where: string; expected: string }) => `${where} is missing, expected ${expected}`,
  'value.wrong': ({ where, found, expected }: { where: string; found: string; expected: string }) =>
    `${where} is ${found}, expected ${expected}`,
}
