import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { gradscope, projectRoot, temporaryFolder } from './command.ts'

export const goldens = join(projectRoot, 'test/goldens')

/** Of all recorded runs. */
export const goldenNames = readdirSync(goldens)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5))
  .sort()

/** What `npm test` keeps: runs of several kinds; the others cost minutes of compiling. */
export const ofEachKind = ['batch-norm', 'concat', 'nesterov-decay', 'xor-bce']

/** Milliseconds that all of them may take on a busy machine. */
export const patience = 1_200_000

/** Has the command repeat these runs on a runtime. */
export async function expectRepeated(names: readonly string[], runtime: string): Promise<void> {
  const folder = temporaryFolder()
  for (const name of names)
    for (const ending of ['json', 'safetensors']) copyFileSync(join(goldens, `${name}.${ending}`), join(folder, `${name}.${ending}`))
  const { status, stdout } = await gradscope(['verify', folder, '--runtime', runtime])
  const lines = stdout.trimEnd().split('\n')
  expect(lines.filter((line) => line.startsWith('FAIL '))).toEqual([])
  const passed = lines.filter((line) => line.startsWith('ok '))
  expect(passed.map((line) => line.split(' ')[1]).sort()).toEqual(names)
  for (const line of passed) expect(line).toMatch(/^ok [\w-]+ output=[\d.]+ grad=[\d.]+ loss=[\d.]+ final=[\d.]+ evaluation=[\d.]+$/)
  expect(lines.at(-1)).toBe(`${names.length} passed, 0 failed`)
  expect(status).toBe(0)
}
