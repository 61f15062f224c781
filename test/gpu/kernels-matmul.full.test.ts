import { sides, testVariants } from './matmul-variants.ts'

testVariants(sides.filter(({ transposeA, transposeB }) => transposeA || !transposeB))
testVariants([{ transposeA: false, transposeB: true }], [1])
