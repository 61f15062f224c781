/** Every operation of the graph. */
import { fork } from '../fork.ts'
import { activation, activationDerivative } from './activation.ts'
import { conv2d, conv2dInput, conv2dWeight } from './convolution.ts'
import { dropout, dropoutDerivative } from './dropout.ts'
import { half } from './half.ts'
import { add, concat, slice } from './join.ts'
import { columnSum, linear, matmul } from './linear.ts'
import { loss, lossValue } from './loss.ts'
import { batchNorm, batchNormDerivative, batchNormEvaluate, layerNorm, layerNormDerivative } from './norm.ts'
import { flatten, flattenDerivative, globalPool, globalPoolDerivative, pool, poolDerivative } from './pool.ts'
import { rows } from './rows.ts'

export const operations = {
  linear,
  matmul,
  columnSum,
  conv2d,
  conv2dWeight,
  conv2dInput,
  pool,
  poolDerivative,
  globalPool,
  globalPoolDerivative,
  flatten,
  flattenDerivative,
  activation,
  activationDerivative,
  add,
  concat,
  slice,
  batchNorm,
  batchNormDerivative,
  batchNormEvaluate,
  layerNorm,
  layerNormDerivative,
  dropout,
  dropoutDerivative,
  fork,
  half,
  rows,
  loss,
  lossValue,
}
