import type { Peer, PeerKernel } from '../peers/peer.ts'
import type { StepFields } from '../step-fields.ts'
import type { Call, Numbers, Prepared, Workbench } from '../workbench.ts'

/** A kernel at one size, with what it costs at least and the way to tell whether it is right. */
export interface KernelCase {
  name: string
  unit: 'GFLOP/s' | 'GB/s'
  /** Floating-point operations of one run; transcendental functions count as one. */
  operations: number
  /** Bytes of its operands, each read or written once: what a run must move at least. */
  bytes: number
  calls: Call[]
  step?: StepFields
  /** The buffer to compare after the first run, and its float64 reference: all of it, or entries chosen from it. */
  output: Numbers
  expected(): ArrayLike<number>
  /** What of the buffer is compared, where that is not the buffer itself. */
  result?(output: Float32Array): ArrayLike<number>
  /** Indices that `expected` tells; all unless given. */
  sampled?: number[]
  tolerance: number
  variant?: string
  /** The same in another engine, its result as `expected` tells it; undefined where the engine cannot. */
  peer?(peer: Peer): Promise<PeerKernel> | undefined
}

/** A generator, so that a case's buffers exist only while it is measured. */
export interface NamedCase {
  name: string
  build(bench: Workbench): Promise<KernelCase>
}

/** A kernel that moves more than it computes: in GB/s. */
export function memoryCase(
  name: string,
  build: (bench: Workbench) => Omit<KernelCase, 'name' | 'unit'> | Promise<Omit<KernelCase, 'name' | 'unit'>>,
): NamedCase {
  return { name, build: async (bench) => ({ name, unit: 'GB/s', ...(await build(bench)) }) }
}

/** Largest |actual − expected| over the largest |expected|: what single precision can lose does not depend on an entry's own size. */
export function errorOf(actual: ArrayLike<number>, expected: ArrayLike<number>, sampled?: number[]): number {
  let [difference, scale] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    const [got, wanted] = [actual[sampled ? sampled[i]! : i]!, expected[i]!]
    if (!Number.isFinite(got)) return Infinity
    difference = Math.max(difference, Math.abs(got - wanted))
    scale = Math.max(scale, Math.abs(wanted))
  }
  return difference === 0 ? 0 : difference / scale
}

/** Of its first run, which this is. */
export async function firstError(prepared: Prepared, one: KernelCase, expected = one.expected()): Promise<number> {
  await prepared.once()
  const output = new Float32Array(await prepared.read(one.output))
  return errorOf(one.result?.(output) ?? output, expected, one.sampled)
}

/** NaN where nothing was written yet, so that an untouched output is seen. */
export const unwritten = (count: number): Float32Array<ArrayBuffer> => new Float32Array(count).fill(NaN)
