import { testBits } from './variants-bits.ts'

testBits([
  { m: 128, n: 96, k: 96, transposeA: false, transposeB: true },
  { m: 128, n: 96, k: 96, transposeA: true, transposeB: false },
  { m: 20, n: 41, k: 2000, transposeA: true, transposeB: false },
])
