import { openDevice } from '../gpu/device.ts'
import { compileShaders, type Compiled, type ExpandedShader } from './compile-shaders.ts'
import type { Host } from './host.ts'

/** Compiles the host's `shaders.json`, a list of expanded shaders, with the browser's own compiler. */
export async function runShaders(_job: Record<string, never>, host: Host): Promise<Compiled[]> {
  const shaders = JSON.parse(new TextDecoder().decode(await host.source('shaders.json'))) as ExpandedShader[]
  const gpu = await openDevice({ gpu: host.gpu })
  try {
    return await compileShaders(gpu.device, shaders)
  } finally {
    gpu.destroy()
  }
}
