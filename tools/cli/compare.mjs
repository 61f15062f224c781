// @ts-check
import { measure, measuringOptions } from './measuring.mjs'
import { CallError } from './options.mjs'
import { checkCompare } from './runtime.mjs'

/** Beside the run, as on the page. */
const most = 6

const {
  budget: _,
  steps,
  ...shared
} = measuringOptions({
  with: {
    value: 'NAME=VALUE,…',
    many: true,
    help: 'a network beside the run that differs by this, up to six: optimizer=adam, optimizer=sgd,momentum=0.9, learningRate, batchSize, clipNorm, activation=relu, initializer=heNormal, seed, …',
  },
  'test-rates': { help: 'tests the learning rate of each first, the run among them, and trains it at the rate suggested' },
  loss: { value: 'L', number: { minimum: 0, open: true }, help: 'the training loss to reach (default: one that half of them reach)' },
  epochs: { value: 'N', number: { integer: true, minimum: 1 }, help: "passes over the training data (default: the preset's, else 10)" },
})

/** @type {import('./options.mjs').Command} */
export const command = {
  summary:
    'Trains a run and networks that differ from it by a stated change side by side, from the same weights on the same batches.\nWrites a history each, compare.json and compare.png into DIR.',
  options: { ...shared, steps: { ...steps, value: 'N', help: 'training steps of each, in place of --epochs' } },
}

/** @param {import('./options.mjs').Parsed} parsed */
export const run = ({ values }) => {
  const changes = values['with'] ?? []
  if (changes.length === 0)
    throw new CallError('gradscope compare needs --with NAME=VALUE, as in --with optimizer=adam --with batchSize=64.')
  if (changes.length > most) throw new CallError(`gradscope compare takes --with up to ${most} times, found ${changes.length}.`)
  if (values['epochs'] !== undefined && values['steps'] !== undefined) throw new CallError('--epochs and --steps exclude each other.')
  const own = {
    with: changes,
    ...(values['test-rates'] && { testRates: true }),
    ...(values['loss'] !== undefined && { loss: values['loss'] }),
    ...(values['epochs'] !== undefined && { epochs: values['epochs'] }),
  }
  const histories = Array.from({ length: most + 1 }, (_, i) => `history-${i}.json`)
  return measure('compare', values, own, { text, check: checkCompare, besides: histories })
}

const cell = (/** @type {number | null} */ value) => (value === null ? '–' : String(Number(value.toPrecision(4))))

/** A table of them, and the sentence. @param {import('../../src/cli/run-compare.ts').CompareFile} file */
function text({ networks, target, sentence }) {
  const head = ['', 'rate', 'loss', 'test', `steps to ${target ?? '–'}`, 'seconds', 'optimizer']
  const rows = networks.map(({ name, learningRate, loss, testLoss, testAccuracy, stepsTo, secondsTo, optimizerBytes }) => [
    name,
    cell(learningRate),
    cell(loss),
    testAccuracy === null ? cell(testLoss) : `${(100 * testAccuracy).toFixed(1)} %`,
    cell(stepsTo),
    cell(secondsTo),
    `${optimizerBytes} B`,
  ])
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)))
  const lines = [head, ...rows].map((row) =>
    row.map((value, i) => (i === 0 ? value.padEnd(widths[i] ?? 0) : value.padStart(widths[i] ?? 0))).join('  '),
  )
  return `${lines.join('\n')}\n${sentence}`
}
