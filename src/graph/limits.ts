/** Whether a network fits the adapter, asked before anything is allocated. */
import { wrongAt, type InputError } from '../errors.ts'
import { message, type Named } from '../words/say.ts'
import type { ParameterSpec } from '../model/types.ts'
import { bytesText } from '../units.ts'
import { bytesOf, valuesOf, type Graph } from './graph.ts'

/** Bytes that one binding may have. */
export const bufferLimit = ({ maxBufferSize, maxStorageBufferBindingSize }: GPUSupportedLimits): number =>
  Math.min(maxBufferSize, maxStorageBufferBindingSize)

const sizeOf = ({ shape }: ParameterSpec) => 4 * shape.reduce((product, n) => product * n, 1)

/** Parameters lie in one buffer, with as many optimizer moments each. Throws an InputError that names what makes them so many. */
export function checkParametersFit(specs: readonly ParameterSpec[], moments: number, limit: number): void {
  const bytes = specs.reduce((sum, spec) => sum + sizeOf(spec) * (spec.trainable ? 1 + moments : 1), 0)
  if (bytes <= limit) return
  const largest = atFault(specs)
  throw wrongAt(largest.path, 'limits.parameters', {
    shape: largest.shape.join(' × '),
    bytes: bytesText(sizeOf(largest)),
    all: bytesText(bytes),
    limit: bytesText(limit),
  })
}

/** The largest; where it has more inputs than outputs, the one before it that makes so many. */
function atFault(specs: readonly ParameterSpec[]): ParameterSpec {
  const largest = specs.reduce((most, spec) => (sizeOf(spec) > sizeOf(most) ? spec : most))
  const [outputs = 1, inputs = 1] = largest.shape
  const before = specs.slice(0, specs.indexOf(largest))
  const maker = before.findLast(({ shape }) => shape.length > 1 && shape[0] === inputs)
  return maker && inputs > outputs ? maker : largest
}

/** The value of a graph that takes the most bytes in one buffer, beside parameters and their gradients. */
export interface LargestValue {
  /** Of the layer that makes it, or of the input. */
  place: Named
  shape: readonly number[]
  bytes: number
}

export function largestValue({ nodes }: Graph): LargestValue {
  const made = new Set(nodes.flatMap(({ outputs }) => valuesOf(outputs)))
  const candidates = nodes.flatMap(({ path, inputs, outputs }) => [
    // What no node makes is the batch itself.
    ...valuesOf(inputs)
      .filter((value) => value.role === 'activation' && !made.has(value))
      .map((value) => ({ place: { path: 'input', name: message('limits.input') }, value })),
    ...valuesOf(outputs)
      .filter(({ role }) => role !== 'parameterGradient')
      .map((value) => ({ place: { path }, value })),
  ])
  const largest: LargestValue = { place: { path: '' }, shape: [], bytes: 0 }
  for (const { place, value } of candidates)
    if (bytesOf(value) > largest.bytes) Object.assign(largest, { place, shape: value.shape, bytes: bytesOf(value) })
  return largest
}

/** Throws an InputError that names the layer whose activations for one batch are too large for a buffer. */
export function checkActivationsFit(graph: Graph, limit: number): void {
  const largest = largestValue(graph)
  if (largest.bytes > limit) throw wrongAt(largest.place, 'limits.activations', tooLarge(largest, limit))
}

const tooLarge = ({ shape, bytes }: LargestValue, limit: number) => ({
  shape: shape.join(' × '),
  bytes: bytesText(bytes),
  limit: bytesText(limit),
})

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
  throw wrongAt('batchSize', 'limits.batch', { size: batchSize, layer: largest.place, ...tooLarge(largest, limit), fitting })
}

/** What to tell where the adapter had no memory left for a batch's activations; it does not tell how much it has. */
export function noMemoryFor(batchSize: number, bytesOfBatch: (batch: number) => number): InputError {
  const half = Math.floor(batchSize / 2)
  return wrongAt('batchSize', 'limits.memory', {
    size: batchSize,
    bytes: bytesText(bytesOfBatch(batchSize)),
    half,
    halfBytes: half > 0 ? bytesText(bytesOfBatch(half)) : '',
  })
}
