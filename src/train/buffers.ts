import type { Gpu } from '../gpu/device.ts'
import type { Slice } from '../gpu/kernel.ts'

/** A buffer that kernels write and that may be copied. */
export function scratch({ device }: Gpu, label: string, size: number): GPUBuffer {
  return device.createBuffer({ label, size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST })
}

export const whole = (buffer: GPUBuffer): Slice => ({ buffer, offset: 0, size: buffer.size })
