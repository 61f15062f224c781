// @ts-check
// node tools/diagnosis.mjs [--on dawn|host] [--only TEXT]: trains the networks of test/diagnosis, and writes docs/diagnosis.md unless only some of them are asked for.
// dawn: on dawn.node, in software; host: by the plain float64 reference, without a GPU.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { softwareVulkanEnv } from './browser.mjs'
import { nodeDataSource } from './data-node.mjs'
import { inNode } from './in-node.mjs'
import { installDawn } from './native.mjs'
import { root } from './vite.mjs'

const { values } = parseArgs({ options: { on: { type: 'string', default: 'dawn' }, only: { type: 'string', default: '' } } })
const isOnHost = values.on === 'host'

if (!isOnHost && !process.env['GRADSCOPE_CHILD']) {
  // Vulkan's drivers must be known from the start of a process.
  const env = { ...process.env, ...(await softwareVulkanEnv()), GRADSCOPE_GPU: 'software', GRADSCOPE_CHILD: '1' }
  process.exit(spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env }).status ?? 1)
}

const where = isOnHost
  ? 'Trained in float64 on the host.'
  : 'Trained on dawn.node with SwiftShader, whose results do not depend on the machine.'
const print = (/** @type {string} */ line) => process.stdout.write(`${line}\n`)

await inNode(join(root, 'test/diagnosis/all.ts'), async (/** @type {typeof import('../test/diagnosis/all.ts')} */ all) => {
  const engine = isOnHost ? undefined : await all.createEngine({ gpu: await installDawn() })
  const train = engine ? all.runOn(engine) : all.plainRun
  const wanted = (/** @type {{ name: string }} */ { name }) => name.includes(values.only)
  const [broken, healthy] = [[], []].map((list) => /** @type {any[]} */ (list))
  for (const own of all.broken.filter(wanted)) {
    const diagnosis = await all.diagnosed(train, own)
    broken?.push(diagnosis)
    const cured = diagnosis.cures.some(({ helps }) => helps)
    print(
      `${diagnosis.named ? 'named ' : 'MISSED'} ${cured ? 'cured ' : 'UNCURED'} ${own.name}${diagnosis.named ? '' : `: ${diagnosis.others.map(({ kind, layer, foundStep }) => `${kind} ${layer} ${foundStep}`).join(', ')}`}`,
    )
  }
  for (const own of (await all.healthy(nodeDataSource)).filter(wanted)) {
    const check = await all.checked(train, own)
    healthy?.push(check)
    print(`${check.found.length === 0 ? 'healthy' : 'ALARM  '} ${own.name}${check.found.map(({ sentence }) => `\n  ${sentence}`).join('')}`)
  }
  engine?.destroy()
  if (values.only === '') writeFileSync(join(root, 'docs/diagnosis.md'), all.page(broken ?? [], healthy ?? [], where))
})
process.exit(0) // dawn.node's thread would keep the process
