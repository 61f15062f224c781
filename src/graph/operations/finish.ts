/** What fusion adds to an operation that ends in an epilogue (kernels/epilogue.ts). */
import type { Epilogue } from '../../kernels/epilogue.ts'
import type { Value } from '../graph.ts'

export interface Finish {
  epilogue?: Epilogue
}

export type FinishInputs = {
  bias?: Value
  /** What undoes the scale of a half-precision operand. */
  range?: Value
  /** What the derivative in the epilogue is taken from. */
  saved?: Value
  /** Running mean and variance, weight and bias of what normalises. */
  normalize?: readonly [mean: Value, variance: Value, weight: Value, bias: Value]
}

export type FinishOutputs = {
  /** What stood before the activation or the derivative. */
  kept?: Value
}

/** The epilogue as its kernel takes it. */
export const epilogueOf = ({ epilogue }: Finish, { bias, range }: FinishInputs): Epilogue => ({
  bias: bias !== undefined,
  ...epilogue,
  ...(range && { scaled: true }),
})

/** What a kernel with an epilogue binds after its result, in its order. */
export const finishValues = ({ kept }: FinishOutputs, { range, bias, saved, normalize }: FinishInputs): Value[] =>
  [kept, range, bias, saved, ...(normalize ?? [])].filter((value) => value !== undefined)
