import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { softwareVulkanEnv } from '../../tools/browser.mjs'
import { projectRoot, temporaryFolder } from './command.ts'
import { servedBuild } from './page.ts'
import { another, test } from '../kinds.ts'
import type { Outcome } from './resume.ts'

const open = servedBuild()
const steps = 60

const goesOn = '%s: a run saved in the browser goes on in Node, in a process of its own, to the same bits'
// One of the ordinary plan, and a small network.
test.for(['iris'])(goesOn, resumes)
another.for(['moons'])(goesOn, resumes)

async function resumes(preset: string): Promise<void> {
  const { page } = await open(preset)
  await page.waitForFunction(() => Number(document.body.dataset['step']) > 20, { timeout: 120_000 })
  await page.keyboard.press('Space')
  await page.waitForFunction(() => document.body.dataset['playing'] === 'false')
  const { state, expected } = await page.evaluate(async (more) => {
    const trainer = globalThis.gradscope.session.trainer!
    const file = await trainer.save()
    for await (const _ of trainer.run({ steps: more }));
    const parameters: Record<string, number[]> = {}
    for (const path of trainer.parameterPaths) parameters[path] = [...new Uint32Array((await trainer.parameter(path).read()).buffer)]
    return { state: [...file], expected: { step: trainer.step, losses: trainer.history.loss.slice(-more), parameters } }
  }, steps)
  const file = join(temporaryFolder(), 'state.safetensors')
  writeFileSync(file, Uint8Array.from(state))
  const env = { ...process.env, ...(await softwareVulkanEnv()) }
  const child = join(projectRoot, 'test/e2e/resume-child.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [child, preset, file, String(steps)], { env, maxBuffer: 2 ** 26 })
  const { resumed, ...found } = JSON.parse(stdout.trim().split('\n').at(-1)!) as Outcome
  expect(resumed).toMatchObject({ step: expected.step - steps, sameVariants: true })
  expect(found).toEqual(expected)
}
