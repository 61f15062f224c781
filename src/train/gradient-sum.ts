import type { Own } from '../gpu/owned.ts'
import { Program } from '../gpu/program.ts'
import { gradientSumKernel } from '../kernels/gradientSum.ts'
import { scratch, whole } from './buffers.ts'
import type { ProgramRequest } from './programs.ts'

/** What adds up the gradients of a step's batches, to run after each; undefined where a step has one. Takes as much memory as the gradients. */
export async function gradientSumOf(
  { gpu, pipelines, model, state }: ProgramRequest,
  own: Own,
): Promise<{ program: Program; sum: GPUBuffer } | undefined> {
  if ((model.accumulate ?? 1) === 1) return undefined
  const sum = own(scratch(gpu, 'sum of gradients', state.gradients.size))
  const kernel = gradientSumKernel(state.parameterFloats)
  return { program: own(await Program.build(gpu, pipelines, 'gradientSum', [{ kernel, slices: [state.allGradients, whole(sum)] }])), sum }
}
