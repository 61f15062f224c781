import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkResult } from '../../bench/result.ts'
import { gradscope, temporaryFolder } from './command.ts'

test.each(['browser', 'dawn'])('bench measures a kernel and a network, checked, and writes them as JSON (%s)', async (runtime) => {
  const file = join(temporaryFolder(), 'bench.json')
  const only = 'kernels/matmul-nn-256x256,training/article'
  const { status, stdout, stderr } = await gradscope(['bench', '--runtime', runtime, '--only', only, '--rounds', '2', '--json', file])
  expect([status, stderr.includes('wrong')], stderr + stdout).toEqual([0, false])
  const { rows, numerics, adapter } = checkResult(JSON.parse(readFileSync(file, 'utf8')), file)
  expect(adapter).toMatch(/swiftshader|llvmpipe/i)
  const own = (suite: string) => rows.filter((row) => row.suite === suite && row.engine === 'gradscope')
  expect(own('kernels').map(({ name }) => name)).toEqual(['matmul-nn-256x256x256'])
  expect(own('training').map(({ name }) => name)).toEqual(['article'])
  for (const row of [...own('kernels'), ...own('training')]) {
    expect(row.ok, row.reason).toBe(true)
    expect(row.blocks).toBe(2)
    expect(row.median).toBeGreaterThan(0)
    expect(row.best).toBeGreaterThanOrEqual(row.median!)
    expect(row.error).toBeLessThan(1e-5)
    expect(row.variant).toBeTruthy()
  }
  const [product] = own('kernels')
  expect(product!.ofLimit).toBeGreaterThan(0)
  expect(own('training')[0]!.submitsPerStep).toBeGreaterThan(0)
  expect(numerics.length).toBeGreaterThan(5)
  expect(numerics.filter(({ ok }) => !ok)).toEqual([])
  expect(stdout).toContain('matmul-nn-256x256x256')
})

test('a suite that does not exist, and a place where no file can be written, exit 2', async () => {
  for (const [words, sentence] of [
    [['--only', 'speed'], "--only takes suites out of limits, kernels, training, view, not 'speed'"],
    [['--only', 'view/misspelt'], "no row of view begins with 'misspelt': there are frame-1k"],
    [['--json', '/nowhere/at/all.json'], 'there is no directory /nowhere/at'],
    [['--rounds', '0'], '--rounds'],
  ] as const) {
    const { status, stdout, stderr } = await gradscope(['bench', ...words])
    expect(stderr).toContain(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect([status, stdout]).toEqual([2, ''])
  }
})
