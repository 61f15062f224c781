/** What is wrong with a call of a command, or with a file that only commands and the bench read. */
import { listed } from './parts.ts'

export const command = {
  'command.data': 'the data',
  'command.golden': 'the golden',
  'command.result': 'the result',
  'command.ownLabels': ({ data }: { data: string }) =>
    `${data} brings its own labels, expected a table (CSV, JSON) for a column to predict.`,
  'command.ownTest': ({ data }: { data: string }) => `${data} brings a test part of its own, expected data without one.`,
  'command.noTensor': ({ where }: { where: string }) => `tensor ${where} is missing`,
  'command.noSuite': ({ found, suites }: { found: string; suites: readonly string[] }) =>
    `there is no suite '${found}', only ${listed(suites)}`,
  'command.noRow': ({ suite, found, rows }: { suite: string; found: string; rows: readonly string[] }) =>
    `no row of ${suite} begins with '${found}': there are ${listed(rows)}`,
}
