// @ts-check
import { measure, measuringOptions } from './measuring.mjs'

/** @type {import('./options.mjs').Command} */
export const command = {
  summary:
    'Trains a network at many learning rates and seeds, each from fresh weights and at a constant rate, and suggests a rate.\nWrites rate.json and rate.png into DIR. A small network trains all at once, a larger one fewer times, one after the other.',
  options: measuringOptions({
    rates: {
      value: 'N',
      number: { integer: true, minimum: 2, maximum: 64 },
      help: 'learning rates, evenly spaced on a log scale (default 16)',
    },
    seeds: { value: 'N', number: { integer: true, minimum: 1, maximum: 256 }, help: 'seeds of each rate (default 16)' },
    least: { value: 'R', number: { minimum: 0, open: true }, help: "the lowest rate (default: the optimizer's)" },
    greatest: { value: 'R', number: { minimum: 0, open: true }, help: "the highest rate (default: the optimizer's)" },
  }),
}

/** @param {import('./options.mjs').Parsed} parsed */
export const run = ({ values }) => {
  const own = Object.fromEntries(
    ['rates', 'seeds', 'least', 'greatest'].filter((key) => values[key] !== undefined).map((key) => [key, values[key]]),
  )
  return measure('rate', values, own, {
    text: ({ suggested, reason, extent }) =>
      `${suggested === null ? 'no rate to suggest' : `suggested learning rate: ${suggested}`}\n${reason}\n${extent}`,
  })
}
