import { learnByHeart } from './overfit.ts'

// The others: overfit.full.test.ts.
learnByHeart(['lenet5-mnist'])
