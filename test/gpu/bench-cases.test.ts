import { firstOfEach, testCases } from './bench-cases.ts'

// The others: bench-cases.full.test.ts.
testCases(firstOfEach)
