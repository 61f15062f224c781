import { testMeasuring, testRefusals } from './measure.ts'

// The others: bench.full.test.ts.
testMeasuring(['browser'], { kernels: ['matmul-nn-256x256x256'], networks: ['article'] })

testRefusals([
  [['--only', 'speed'], "--only takes suites out of limits, kernels, training, view, not 'speed'"],
  [['--json', '/nowhere/at/all.json'], 'there is no directory /nowhere/at'],
  [['--rounds', '0'], '--rounds'],
])
