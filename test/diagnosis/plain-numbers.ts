/** Numbers of a reading as a reader would compute them. */
import type { ActivationName } from '../../src/model/types.ts'

export const norm = (values: ArrayLike<number>): number => {
  let squares = 0
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]!)) squares += values[i]! ** 2
  return Math.sqrt(squares)
}
export const nonFinite = (values: ArrayLike<number>) => {
  const found = { nan: 0, infinite: 0 }
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) found.nan++
    else if (Math.abs(values[i]!) > 3.4e38) found.infinite++
  }
  return found
}
export const share = (values: ArrayLike<number>, is: (value: number) => boolean): number => {
  let count = 0
  for (let i = 0; i < values.length; i++) if (is(values[i]!)) count++
  return count / values.length
}
export const silent: Partial<Record<ActivationName, (y: number) => boolean>> = {
  relu: (y) => y === 0,
  elu: (y) => y <= -0.97,
  gelu: (y) => y >= -0.01 && y <= 0,
  silu: (y) => y >= -0.01 && y <= 0,
  softplus: (y) => y <= 0.01,
}
export const ends: Partial<Record<ActivationName, (y: number) => boolean>> = {
  tanh: (y) => Math.abs(y) > 0.97,
  sigmoid: (y) => y < 0.015 || y > 0.985,
  elu: (y) => y < -0.97,
}
