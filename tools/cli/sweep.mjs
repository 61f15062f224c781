// @ts-check
import { measure, measuringOptions } from './measuring.mjs'
import { CallError } from './options.mjs'
import { checkSweep } from './runtime.mjs'

/** @type {import('./options.mjs').Command} */
export const command = {
  summary:
    'Trains a network for every pair of values of two settings, each from fresh weights and at a constant rate.\nWrites sweep.json and sweep.png, a heat map of the losses, into DIR.',
  options: measuringOptions({
    vary: {
      value: 'NAME=FROM:TO:COUNT',
      many: true,
      help: 'a setting and its values, two of them: seed, learningRate, momentum, weightDecay, batchSize, width (units of hidden dense layers, filters of hidden convolutions); learningRate=1e-3:1:16, spaced evenly on a log scale',
    },
  }),
}

/** @param {import('./options.mjs').Parsed} parsed */
export const run = ({ values }) => {
  const vary = values['vary'] ?? []
  if (vary.length !== 2)
    throw new CallError(`gradscope sweep needs --vary NAME=FROM:TO:COUNT twice, as in --vary learningRate=1e-3:1:16 --vary seed=1:16:16.`)
  return measure('sweep', values, { vary }, { text: sentence, check: checkSweep })
}

/** What the map says in words. @param {import('../../src/cli/run-sweep.ts').SweepFile} file */
function sentence({ axes, loss, extent }) {
  const cells = loss.flatMap((column, i) => column.map((value, j) => ({ value, at: [i, j] })))
  const best = cells.reduce((lowest, cell) => (cell.value !== null && (lowest.value === null || cell.value < lowest.value) ? cell : lowest))
  const diverged = cells.filter(({ value }) => value === null).length
  const where = axes.map(({ name, values }, i) => `${name} ${values[best.at[i] ?? 0]}`).join(', ')
  return [
    best.value === null ? 'every network diverged' : `lowest loss: ${Number(best.value.toPrecision(4))} at ${where}`,
    ...(diverged && best.value !== null ? [`${diverged} of ${cells.length} networks diverged`] : []),
    extent,
  ].join('\n')
}
