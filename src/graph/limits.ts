/** Whether a network fits the adapter, asked before anything is allocated. */
import { InputError } from '../errors.ts'
import type { ParameterSpec } from '../model/types.ts'
import { bytesText } from '../units.ts'
import { bytesOf, valuesOf, type Graph } from './graph.ts'

/** Bytes that one binding may have. */
export const bufferLimit = ({ maxBufferSize, maxStorageBufferBindingSize }: GPUSupportedLimits): number =>
  Math.min(maxBufferSize, maxStorageBufferBindingSize)

const sizeOf = ({ shape }: ParameterSpec) => 4 * shape.reduce((product, n) => product * n, 1)

/** Parameters lie in one buffer, with as many optimizer moments each. Throws an InputError that names the largest. */
export function checkParametersFit(specs: readonly ParameterSpec[], moments: number, limit: number): void {
  const bytes = specs.reduce((sum, spec) => sum + sizeOf(spec) * (spec.trainable ? 1 + moments : 1), 0)
  if (bytes <= limit) return
  const largest = specs.reduce((most, spec) => (sizeOf(spec) > sizeOf(most) ? spec : most))
  throw new InputError(
    `${largest.path} of ${largest.shape.join(' × ')} takes ${bytesText(sizeOf(largest))}, and all parameters with their optimizer state ` +
      `${bytesText(bytes)}, expected at most ${bytesText(limit)}, what this adapter allows in one buffer`,
  )
}

/** The value of a graph that takes the most bytes in one buffer, beside parameters and their gradients. */
export interface LargestValue {
  path: string
  shape: readonly number[]
  bytes: number
}

export function largestValue({ nodes }: Graph): LargestValue {
  const made = new Set(nodes.flatMap(({ outputs }) => valuesOf(outputs)))
  const candidates = nodes.flatMap(({ path, inputs, outputs }) => [
    // What no node makes is the batch itself.
    ...valuesOf(inputs)
      .filter((value) => value.role === 'activation' && !made.has(value))
      .map((value) => ({ path: `the ${value.name}`, value })),
    ...valuesOf(outputs)
      .filter(({ role }) => role !== 'parameterGradient')
      .map((value) => ({ path, value })),
  ])
  const largest: LargestValue = { path: '', shape: [], bytes: 0 }
  for (const { path, value } of candidates)
    if (bytesOf(value) > largest.bytes) Object.assign(largest, { path, shape: value.shape, bytes: bytesOf(value) })
  return largest
}

/** Throws an InputError that names the layer whose activations for one batch are too large for a buffer. */
export function checkActivationsFit(graph: Graph, limit: number): void {
  const largest = largestValue(graph)
  if (largest.bytes > limit) throw new InputError(tooLarge(largest, limit))
}

const tooLarge = ({ path, shape, bytes }: LargestValue, limit: number) =>
  `${path} makes ${shape.join(' × ')} numbers for a batch, ${bytesText(bytes)}, expected at most ${bytesText(limit)}, ` +
  `what this adapter allows in one buffer`

/** The largest batch of at most `atMost` samples whose bytes are within the limit, 0 where none is; `bytesOfBatch` grows with the batch. */
export function largestFittingBatch(atMost: number, limit: number, bytesOfBatch: (batch: number) => number): number {
  let [fits, misfits] = [0, atMost + 1]
  for (let batch = atMost; misfits - fits > 1; batch = Math.floor((fits + misfits) / 2)) {
    if (bytesOfBatch(batch) <= limit) fits = batch
    else misfits = batch
  }
  return fits
}

/** Throws an InputError where a batch does not fit one buffer: what it needs, what it may have, and which batch would fit. */
export function checkBatchFits(batchSize: number, limit: number, largestOfBatch: (batch: number) => LargestValue): void {
  const largest = largestOfBatch(batchSize)
  if (largest.bytes <= limit) return
  const fitting = largestFittingBatch(batchSize, limit, (batch) => largestOfBatch(batch).bytes)
  const way = fitting > 0 ? `a batchSize of ${fitting} fits` : 'not even a batch of 1 fits'
  throw new InputError(`batchSize is ${batchSize}, but ${tooLarge(largest, limit)}: ${way}`)
}

/** What to tell where the adapter had no memory left for a batch's activations; it does not tell how much it has. */
export function noMemoryFor(batchSize: number, bytesOfBatch: (batch: number) => number): InputError {
  const half = Math.floor(batchSize / 2)
  const less = half > 0 ? `; a batchSize of ${half} needs ${bytesText(bytesOfBatch(half))}` : ''
  return new InputError(
    `batchSize is ${batchSize}, whose activations need ${bytesText(bytesOfBatch(batchSize))} at once, more than this adapter has left${less}`,
  )
}
