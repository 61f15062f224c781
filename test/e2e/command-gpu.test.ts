import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { softwareVulkanEnv } from '../../tools/browser.mjs'
import { gradscope, projectRoot, temporaryFolder } from './command.ts'
import { another, test } from '../kinds.ts'

/** As on a machine without a GPU, on every machine: no Vulkan driver. */
const noDriver = { GRADSCOPE_GPU: '', VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' }

function oneCase() {
  const folder = temporaryFolder()
  for (const ending of ['json', 'safetensors'])
    copyFileSync(join(projectRoot, `test/goldens/adam.${ending}`), join(folder, `adam.${ending}`))
  return folder
}

test('without a GPU a command runs in software and one line says so; a GPU that is asked for and missing is refused before anything runs', async () => {
  const verified = await gradscope(['verify', oneCase(), '--runtime', 'dawn'], undefined, noDriver)
  expect(verified).toMatchObject({ status: 0, stderr: 'No GPU found: verifying on SwiftShader, in software.\n' })
  expect(verified.stdout).toContain('1 passed, 0 failed')

  const out = join(temporaryFolder(), 'out')
  const train = ['train', '--preset', 'xor', '--runtime', 'dawn', '--out', out]
  for (const [words, environment, sentence] of [
    [['--gpu', 'hardware'], noDriver, '--gpu hardware: found no adapter in dawn.node, expected a GPU'],
    [[], { ...noDriver, GRADSCOPE_GPU: 'hardware' }, 'GRADSCOPE_GPU=hardware: found no adapter in dawn.node, expected a GPU'],
    [['--gpu=hardware'], await softwareVulkanEnv(), '--gpu hardware: found SwiftShader, which computes in software, expected a GPU'],
    [['--gpu', 'cuda'], {}, "--gpu takes one of hardware, software, not 'cuda'."],
    [['--gpu'], {}, '--gpu needs a value: --gpu hardware|software.'],
    [[], { GRADSCOPE_GPU: 'cuda' }, "GRADSCOPE_GPU is 'cuda', expected hardware or software."],
  ] as [string[], Record<string, string>, string][]) {
    const { status, stdout, stderr } = await gradscope([...train, ...words], undefined, environment)
    expect(stderr).toContain(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect([status, stdout]).toEqual([2, ''])
    expect(existsSync(out)).toBe(false)
  }
})

another('the option wins over the environment', async () => {
  const { status, stderr } = await gradscope(['verify', oneCase(), '--runtime', 'dawn', '--gpu', 'software'], undefined, {
    ...noDriver,
    GRADSCOPE_GPU: 'hardware',
  })
  expect([status, stderr]).toEqual([0, 'Verifying on SwiftShader, in software.\n'])
})
