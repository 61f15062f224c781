import { failWith } from './verify-fault.ts'

// One of each family of kernels; the others, and whatever is new: verify.full.test.ts.
failWith([
  ['tanh', '1.0 - y * y', '1.01 - y * y', 'adam'],
  ['adam', 'step.oneMinusBeta1 * g', '1.01 * step.oneMinusBeta1 * g', 'adam'],
  ['matmulProducts', '+ x$(I)_$(Q) * y$(J)_$(Q)', '+ 1.01 * x$(I)_$(Q) * y$(J)_$(Q)', 'adam'],
  ['conv2d', 'i32(tap * $(DILATION)u)', 'i32(tap)', 'conv-options'],
  ['batchNorm', '* weight[channel]', '* 1.01 * weight[channel]', 'batch-norm'],
])
