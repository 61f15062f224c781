import { others, testResumed } from './run-state-cases.ts'

testResumed(others)
