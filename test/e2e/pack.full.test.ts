import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { checkResult } from '../../bench/result.ts'
import { softwareVulkanEnv } from '../../tools/browser.mjs'
import { projectRoot, temporaryFolder } from './command.ts'
import { goldenNames, patience } from './goldens.ts'

test('the folder for a machine without network repeats the recorded runs and measures', { timeout: patience }, async () => {
  const folder = join(temporaryFolder(), 'packed')
  const execute = promisify(execFile)
  await execute(process.execPath, [join(projectRoot, 'tools/pack.mjs'), '--folder', folder])
  const env = { PATH: '/usr/bin:/bin', HOME: folder, ...(await softwareVulkanEnv()) }
  const { stdout } = await execute(
    join(folder, 'run'),
    ['--only', 'kernels/matmul-nn-256x256,training/article', '--rounds', '2', '--no-peers'],
    { env, cwd: '/' },
  )
  expect(stdout).toContain(`${goldenNames.length} passed, 0 failed`)
  const { rows } = checkResult(JSON.parse(readFileSync(join(folder, 'gradscope-bench.json'), 'utf8')), 'gradscope-bench.json')
  expect(rows.filter(({ ok }) => !ok)).toEqual([])
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['matmul-nn-256x256x256', 'article']))
})
