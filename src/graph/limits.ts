/** Whether a network fits the adapter, asked before anything is allocated. */
import { InputError } from '../errors.ts'
import type { ParameterSpec } from '../model/types.ts'
import { bytesText } from '../units.ts'
import { bytesOf, type Graph } from './graph.ts'

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

/** Throws an InputError that names the layer whose activations for one batch are too large for a buffer. */
export function checkActivationsFit({ nodes }: Graph, limit: number): void {
  for (const { path, outputs } of nodes)
    for (const value of outputs) {
      if (value.role === 'parameterGradient') continue
      const bytes = bytesOf(value)
      if (bytes > limit)
        throw new InputError(
          `${path} makes ${value.shape.join(' × ')} numbers for a batch, ${bytesText(bytes)}, expected at most ${bytesText(limit)}, ` +
            `what this adapter allows in one buffer`,
        )
    }
}
