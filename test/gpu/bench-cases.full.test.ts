import { firstOfEach, testCases } from './bench-cases.ts'

testCases((one) => !firstOfEach(one))
