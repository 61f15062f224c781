import { testBits } from './variants-bits.ts'

// The others: variants-bits.full.test.ts.
testBits([{ m: 128, n: 96, k: 96, transposeA: false, transposeB: true }])
