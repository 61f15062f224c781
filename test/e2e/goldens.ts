import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gradscope, projectRoot } from './command.ts'

export const goldens = join(projectRoot, 'test/goldens')

/** Of all recorded runs. */
export const goldenNames = readdirSync(goldens)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5))
  .sort()

/** A test for each of these runtimes. */
export function testGoldens(runtimes: string[]): void {
  test.each(runtimes)('every recorded run is repeated (%s)', async (runtime) => {
    const { status, stdout } = await gradscope(['verify', goldens, '--runtime', runtime])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.filter((line) => line.startsWith('FAIL '))).toEqual([])
    const passed = lines.filter((line) => line.startsWith('ok '))
    expect(passed.map((line) => line.split(' ')[1]).sort()).toEqual(goldenNames)
    for (const line of passed) expect(line).toMatch(/^ok [\w-]+ output=[\d.]+ grad=[\d.]+ loss=[\d.]+ final=[\d.]+ evaluation=[\d.]+$/)
    expect(lines.at(-1)).toBe(`${goldenNames.length} passed, 0 failed`)
    expect(status).toBe(0)
  })
}
