// @ts-check
// node tools/rate-stability.mjs [PRESET …] [--budget SECONDS] [--tests N]: the rates that tests with ten other seeds suggest, as the table in docs/learning-rate.md. Runs on dawn.node.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { softwareVulkanEnv } from './browser.mjs'
import { endWith } from './cli/ended.mjs'
import { nodeDataSource } from './data-node.mjs'
import { inNode } from './in-node.mjs'
import { installDawn } from './native.mjs'
import { root } from './vite.mjs'

const all = ['spiral', 'moons', 'iris', 'penguins', 'mnist']
/** Between the first seeds of two tests: no network of one is trained in another. */
const apart = 100

/** @param {string[]} presets @param {number | undefined} budget @param {number} tests */
async function measure(presets, budget, tests) {
  const gpu = await installDawn()
  const file = join(root, 'src/cli/rate-stability.ts')
  return inNode(file, async (/** @type {typeof import('../src/cli/rate-stability.ts')} */ { suggestionsOf }) => {
    process.stdout.write('| preset | tested | suggested, one test a column | greatest / least |\n| --- | --- | --- | --- |\n')
    for (const preset of presets) {
      const seeds = Array.from({ length: tests }, (_, i) => 1 + apart * i)
      const { suggested, extent } = await suggestionsOf(gpu, preset, nodeDataSource, seeds, budget, (seed, rate, seconds) =>
        process.stderr.write(`${preset}, seed ${seed}: ${rate} (${seconds.toFixed(0)} s)\n`),
      )
      const known = suggested.filter((rate) => rate !== null)
      const ratio = known.length === suggested.length ? (Math.max(...known) / Math.min(...known)).toFixed(2) : 'none'
      process.stdout.write(`| ${preset} | ${extent} | ${suggested.join(' ')} | ${ratio} |\n`)
    }
    return 0
  })
}

await endWith(async () => {
  if (!process.env['GRADSCOPE_CHILD']) {
    const env = { ...process.env, ...(await softwareVulkanEnv()), GRADSCOPE_CHILD: '1' }
    return spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env }).status ?? 1
  }
  const words = process.argv.slice(2)
  /** @param {string} option */
  const taken = (option) => {
    const at = words.indexOf(option)
    return at < 0 ? undefined : Number(words.splice(at, 2)[1])
  }
  const [budget, tests = 10] = [taken('--budget'), taken('--tests')]
  return measure(words.length ? words : all, budget, tests)
})
