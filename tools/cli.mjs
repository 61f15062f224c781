#!/usr/bin/env node
// @ts-check
// The bin `gradscope`.
import { endWith } from './cli/ended.mjs'
import { CallError, helpText, parseOptions } from './cli/options.mjs'

const commands = {
  explore: () => import('./cli/explore.mjs'),
  train: () => import('./cli/train.mjs'),
  rate: () => import('./cli/rate.mjs'),
  sweep: () => import('./cli/sweep.mjs'),
  compare: () => import('./cli/compare.mjs'),
  verify: () => import('./cli/verify.mjs'),
  bench: () => import('./cli/bench.mjs'),
}
const usage = `gradscope COMMAND [options]

  explore   opens the page: train a network and see every gradient in 3D
  train     trains a network and writes its history, parameters and picture
  rate      tests learning rates over many seeds and suggests one
  sweep     trains networks over two settings and maps their losses
  compare   trains networks side by side that differ by a stated change
  verify    repeats recorded training runs on the GPU and compares every number
  bench     measures what this adapter reaches, against its own limits and other engines

gradscope COMMAND --help lists a command's options. --gpu hardware|software chooses the adapter.
`

/** @param {string[]} words @returns {Promise<number>} */
async function main([name, ...words]) {
  if (name === undefined)
    throw new CallError(`gradscope needs a command: ${Object.keys(commands).join(', ')} (gradscope --help tells more).`)
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage)
    return 0
  }
  if (!Object.hasOwn(commands, name))
    throw new CallError(`gradscope has no command '${name}' (commands: ${Object.keys(commands).join(', ')}).`)
  const { command, run } = await commands[/** @type {keyof typeof commands} */ (name)]()
  if (words.includes('--help') || words.includes('-h')) {
    process.stdout.write(helpText(`gradscope ${name}`, command))
    return 0
  }
  return run(parseOptions(`gradscope ${name}`, command, words))
}

await endWith(() => main(process.argv.slice(2)))
