import { testMeasuring, testRefusals } from './measure.ts'

// On dawn.node: bench.full.test.ts.
testMeasuring(['browser'])

testRefusals([
  [['--only', 'speed'], "--only takes suites out of limits, kernels, training, view, not 'speed'"],
  [['--json', '/nowhere/at/all.json'], 'there is no directory /nowhere/at'],
  [['--rounds', '0'], '--rounds'],
])
