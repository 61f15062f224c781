import { testMeasuring, testRefusals } from './measure.ts'

testMeasuring(['browser', 'dawn'])

testRefusals([
  [['--only', 'view/misspelt'], "no row of view begins with 'misspelt': there are frame-"],
  [['--only', 'training/lenet5,kernels/conv3d'], "no row of kernels begins with 'conv3d': there are matmul-…, conv2d-…"],
  [['--json', `${'long'.repeat(100)}.json`], 'cannot be written (ENAMETOOLONG)'],
])
