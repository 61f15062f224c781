import { others, testSame } from './small-network-runs.ts'

testSame(others)
