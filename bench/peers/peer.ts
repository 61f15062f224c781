import type { Calls } from '../calls.ts'
import type { Contestant } from '../rounds.ts'
import type { ImageTask } from '../image-tasks.ts'
import type { ConvShape } from '../../src/kernels/shapes.ts'
import type { Task } from '../tasks.ts'

/** Another engine, measured on the same work. Each has a page frame, or a Node process, to itself. */
export const peerNames = ['tfjs-webgpu', 'tfjs-wasm', 'jax-js-webgpu', 'jax-js-wasm', 'plain-js'] as const
export type PeerName = (typeof peerNames)[number]

export interface PeerTraining extends Contestant {
  /** The next losses, each measured before its update. */
  losses(count: number): Promise<number[]>
  destroy(): void
}

/** One operation on the operands that every engine has. */
export interface PeerKernel extends Contestant {
  result(): Promise<ArrayLike<number>>
  destroy(): void
}

export interface Peer {
  engine: PeerName
  /** Trains the task from its first weights. */
  training(task: Task): Promise<PeerTraining>
  /** The same of images; undefined where the engine has no convolutions. */
  imageTraining?(task: ImageTask): Promise<PeerTraining>
  /** A(m × k) · B(k × n), row by row; undefined where the engine is no library of tensors. */
  matmul?(m: number, n: number, k: number): Promise<PeerKernel>
  /** A convolution, its result `[batch, height, width, filters]`; undefined where the engine has none. */
  convolution?(shape: ConvShape): Promise<PeerKernel>
  /** What work asks of WebGPU in the place where this engine runs; undefined where it does not use WebGPU. */
  countCalls?(work: () => Promise<void>): Promise<Calls>
}

/** What can open peers: the commands where `--peers` is given. */
export interface Peers {
  /** Those that this runtime has. */
  names: readonly PeerName[]
  open(name: PeerName): Promise<Peer>
}

/**
 * The libraries are installed apart, on first use, so the compiler does not know their types.
 */
// eslint-disable-next-line typescript/no-explicit-any -- nothing is known of them when this is compiled
export type Library = any
