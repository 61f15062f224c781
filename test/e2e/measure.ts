import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkResult } from '../../bench/result.ts'
import { gradscope, temporaryFolder } from './command.ts'

const kernels = ['matmul-nn-256x256x256', 'conv2d-weight-64x1x28x28-6x5x5', 'maxPool2d-backward-32x64x32x32-2x2-stride2']
const networks = ['article', 'lenet5', 'memory-resnet20']

/** A test for each of these runtimes. */
export function testMeasuring(runtimes: string[]): void {
  test.each(runtimes)('bench measures kernels and networks, checked, and writes them as JSON (%s)', async (runtime) => {
    const file = join(temporaryFolder(), 'bench.json')
    const only = [...kernels.map((name) => `kernels/${name}`), ...networks.map((name) => `training/${name}`)].join(',')
    const { status, stdout, stderr } = await gradscope(['bench', '--runtime', runtime, '--only', only, '--rounds', '2', '--json', file])
    expect([status, stderr.includes('wrong')], stderr + stdout).toEqual([0, false])
    const { rows, numerics, adapter, notes } = checkResult(JSON.parse(readFileSync(file, 'utf8')), file)
    expect(adapter).toMatch(/swiftshader|llvmpipe/i)
    const own = (suite: string) => rows.filter((row) => row.suite === suite && row.engine === 'gradscope')
    expect(own('kernels').map(({ name }) => name)).toEqual(kernels)
    expect(own('training').map(({ name }) => name)).toEqual(networks)
    const timed = [...own('kernels'), ...own('training')].filter(({ unit }) => unit !== 'MB')
    for (const row of timed) {
      expect(row.ok, row.reason).toBe(true)
      expect(row.blocks).toBe(2)
      expect(row.median).toBeGreaterThan(0)
      expect(row.best).toBeGreaterThanOrEqual(row.median!)
      expect(row.error).toBeLessThan(1e-5)
      if (row.unit !== 'GB/s') expect(row.variant, row.name).toBeTruthy()
    }
    for (const { ofLimit } of own('kernels')) expect(ofLimit).toBeGreaterThan(0)
    for (const row of timed.filter(({ unit }) => unit === 'steps/s')) expect(row.submitsPerStep).toBeGreaterThan(0)
    expect(numerics.length).toBeGreaterThan(5)
    expect(numerics.filter(({ ok }) => !ok)).toEqual([])
    for (const name of kernels) expect(stdout).toContain(name)
    const memory = own('training').find(({ unit }) => unit === 'MB')!
    expect(memory.overNeeded).toBeLessThanOrEqual(1.3)
    expect(stdout).toContain(`${Math.round(memory.median!)} MB`)
    expect(notes.filter((note) => note.startsWith('A step of ResNet-20'))).toHaveLength(1)
  })
}

/** Calls of `bench` that are refused at once, each in one sentence. */
export function testRefusals(refusals: readonly (readonly [words: readonly string[], sentence: string])[]): void {
  test('what the bench cannot do is refused in a sentence, exit 2', async () => {
    for (const [words, sentence] of refusals) {
      const { status, stdout, stderr } = await gradscope(['bench', ...words])
      expect(stderr).toContain(sentence)
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
      expect([status, stdout]).toEqual([2, ''])
    }
  })
}
