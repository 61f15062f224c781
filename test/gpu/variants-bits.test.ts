import { testBits } from './variants-bits.ts'

// All candidates, and the other shapes: variants-bits.full.test.ts.
testBits([{ m: 128, n: 96, k: 96, transposeA: false, transposeB: true }], 4)
