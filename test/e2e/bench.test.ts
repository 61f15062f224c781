import { testRefusals } from './measure.ts'

// What it measures: bench.full.test.ts, and as a page: bench-page.test.ts.
testRefusals([
  [['--only', 'speed'], "--only takes suites out of limits, kernels, training, view, not 'speed'"],
  [['--json', '/nowhere/at/all.json'], 'there is no directory /nowhere/at'],
  [['--rounds', '0'], '--rounds'],
])
