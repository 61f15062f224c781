import type { Operation } from '../graph.ts'
import { activation, activationDerivative } from './activation.ts'
import { dropout, dropoutDerivative } from './dropout.ts'
import { half } from './half.ts'
import { add, concat, slice } from './join.ts'
import { columnSum, linear, matrixProduct } from './linear.ts'
import { loss, lossValue } from './loss.ts'
import { batchNorm, batchNormDerivative, batchNormEvaluate, layerNorm, layerNormDerivative } from './norm.ts'

/** Every operation of the graph by name. */
export const operations: Readonly<Record<string, Operation>> = {
  linear,
  matmul: matrixProduct,
  columnSum,
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
  half,
  loss,
  lossValue,
}
