import { expect, test } from 'vitest'
import { gradscope } from './command.ts'
import { testMeasuring } from './measure.ts'

// On dawn.node: bench.full.test.ts.
testMeasuring(['browser'])

test('a suite that does not exist, and a place where no file can be written, exit 2', async () => {
  for (const [words, sentence] of [
    [['--only', 'speed'], "--only takes suites out of limits, kernels, training, view, not 'speed'"],
    [['--only', 'view/misspelt'], "no row of view begins with 'misspelt': there are frame-"],
    [['--only', 'training/lenet5,kernels/conv3d'], "no row of kernels begins with 'conv3d': there are matmul-…, conv2d-…"],
    [['--json', '/nowhere/at/all.json'], 'there is no directory /nowhere/at'],
    [['--json', `${'long'.repeat(100)}.json`], 'cannot be written (ENAMETOOLONG)'],
    [['--rounds', '0'], '--rounds'],
  ] as const) {
    const { status, stdout, stderr } = await gradscope(['bench', ...words])
    expect(stderr).toContain(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect([status, stdout]).toEqual([2, ''])
  }
})
