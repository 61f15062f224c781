import type { Kernel } from '../gpu/kernel.ts'
import type { Lanes } from './matmulVariants.ts'

/** One of the kernels that solve a problem. */
export interface Candidate {
  name: string
  kernel: Kernel
}

/** What decides which candidates are worth a try. */
export interface AdapterKind {
  software: boolean
  lanes: Lanes
  /** Whether so many other problems want pipelines that few, and slower ones, are better. */
  crowded: boolean
}

/** A problem with numbers in it, on which a candidate shows whether it is right and how long it takes. */
export interface Sample {
  /** First contents in the order of the kernel's bindings, zeros where it writes. */
  buffers: (Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>)[]
  /** Which of them holds the result. */
  output: number
  /** A sentence about the first entry that is not what float64 says. */
  check(result: Float32Array): string | undefined
}

/** What a plan has computed and several kernels can: the tuner chooses one for each adapter. All of them add in the same order, so a choice changes no bit. */
export interface Problem {
  /** Tells it from every other problem. */
  name: string
  /** Equal for those that differ only in what happens to their results: what is fastest for one is likely so for the others. */
  product: string
  /** Multiply-adds count as two. */
  flops: number
  /** Right on every adapter, and quick to compile. */
  plain: Candidate
  /** Those worth a try, the likeliest first; only the plain one where the problem is too small to pay for more. */
  candidates(adapter: AdapterKind): Candidate[]
  sample(): Sample
}

/** Multiples of 1/1024 in [−1, 1), the same in every run. */
export function noiseOf(count: number, seed: number): Float32Array<ArrayBuffer> {
  let state = (seed * 2654435761) >>> 0
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 21) / 1024 - 1
  })
}
