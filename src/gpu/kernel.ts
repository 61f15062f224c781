import type { Defines } from './preprocess.ts'

/** One dispatch, described without any buffer: what a module in src/kernels returns for given shapes. */
export interface Kernel {
  /** What it does, for labels and error messages: `matmul 128×256×784`. */
  label: string
  /** File in shaders/, without `.wgsl`. */
  shader: string
  /** Entry point; `main` unless given. */
  entry?: string
  defines?: Defines
  /** Pipeline-overridable constants of the shader. */
  constants?: Record<string, number>
  /** The uniform struct at @group(0) @binding(0), little endian, a multiple of 16 bytes; absent when the shader has none. */
  params?: ArrayBuffer
  /** The storage buffers at @group(0) @binding(1), (2), …, in order: how each is declared. */
  access: readonly ('read' | 'write')[]
  /** Whether the shader reads the step's uniform at @group(1) @binding(0) (`#include step`). */
  usesStep?: boolean
  workgroups: readonly [number, number, number]
}

/** A range of a buffer, in bytes; the offset is a multiple of 256. */
export interface Slice {
  buffer: GPUBuffer
  offset: number
  size: number
}

/** Packs a uniform struct of 4-byte scalars in order: numbers marked `f` are f32, others u32. */
export function packParams(...values: (number | { f: number })[]): ArrayBuffer {
  const bytes = new ArrayBuffer(Math.ceil(values.length / 4) * 16)
  const view = new DataView(bytes)
  values.forEach((value, i) => {
    if (typeof value === 'number') view.setUint32(4 * i, value, true)
    else view.setFloat32(4 * i, value.f, true)
  })
  return bytes
}

const maxWorkgroups = 65_535

/** Workgroups for a flat range of `count` threads, folded into two dimensions below the limit; the shader uses `x + y · 65535 · size`. */
export function flatWorkgroups(count: number, size: number): [number, number, number] {
  const groups = Math.max(1, Math.ceil(count / size))
  if (groups <= maxWorkgroups) return [groups, 1, 1]
  return [maxWorkgroups, Math.ceil(groups / maxWorkgroups), 1]
}
