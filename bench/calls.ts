/** Counts what a piece of work asks of WebGPU, by wrapping the prototypes while it runs; so it counts other engines as well. */

export interface Calls {
  dispatches: number
  submits: number
  /** Bytes of the buffers made, and of textures at four bytes a texel. */
  bytes: number
}

type Method = (this: unknown, ...words: never[]) => unknown

export async function countCalls(work: () => Promise<void>): Promise<Calls> {
  const calls: Calls = { dispatches: 0, submits: 0, bytes: 0 }
  const restore: (() => void)[] = []
  const wrap = <Name extends string>(prototype: Record<Name, unknown>, name: Name, count: (...words: never[]) => void) => {
    const original = prototype[name] as Method
    prototype[name] = function (this: unknown, ...words: never[]) {
      count(...words)
      return original.apply(this, words)
    }
    restore.push(() => (prototype[name] = original))
  }
  wrap(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => calls.dispatches++)
  wrap(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', () => calls.dispatches++)
  wrap(GPUQueue.prototype, 'submit', () => calls.submits++)
  wrap(GPUDevice.prototype, 'createBuffer', ({ size }: GPUBufferDescriptor) => (calls.bytes += size))
  wrap(GPUDevice.prototype, 'createTexture', ({ size }: GPUTextureDescriptor) => (calls.bytes += 4 * texels(size)))
  try {
    await work()
  } finally {
    for (const undo of restore) undo()
  }
  return calls
}

function texels(size: GPUExtent3DStrict): number {
  const [width, height = 1, depth = 1] = Symbol.iterator in size ? [...size] : [size.width, size.height, size.depthOrArrayLayers]
  return width! * height * depth
}
