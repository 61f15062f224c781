/** A shader with its includes and defines in place. */
export interface ExpandedShader {
  name: string
  code: string
  /** No pipeline is made: software adapters take seconds for one, and the tuner asks each adapter itself. */
  tuned: boolean
}

/** A text that only devices with subgroups compile; the tuner offers it to no other. */
export const needsSubgroups = ({ code }: ExpandedShader): boolean => code.includes('enable subgroups')

export interface Compiled {
  name: string
  /** What the compiler says against it. */
  error?: string
  /** Not compiled: it needs half precision, which this device has not. */
  leftOut?: boolean
}

/** Compiles each shader and a pipeline for each of its compute entry points; an error's text where a compiler refuses one. Runs in browsers and in Deno alike. */
export async function compileShaders(device: GPUDevice, shaders: ExpandedShader[]): Promise<Compiled[]> {
  const results: Compiled[] = []
  for (const { name, code, tuned } of shaders) {
    if (code.includes('enable f16') && !device.features.has('shader-f16')) {
      results.push({ name, leftOut: true })
      continue
    }
    device.pushErrorScope('validation')
    const module = device.createShaderModule({ code, label: name })
    let error = await device.popErrorScope()
    if (!error && !tuned) {
      for (const [, entryPoint] of code.matchAll(/@compute[^{]*?fn\s+(\w+)/g)) {
        device.pushErrorScope('validation')
        device.createComputePipeline({ label: name, layout: 'auto', compute: { module, entryPoint: entryPoint! } })
        error = (await device.popErrorScope()) ?? error
      }
    }
    results.push({ name, ...(error && { error: error.message }) })
  }
  return results
}
