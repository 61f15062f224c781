import { others, testDecay } from './weight-decay-cases.ts'

testDecay(others)
