import { expandShader, shaderNames, shaderSource } from '../src/gpu/shader.ts'
import type { ExpandedShader } from '../src/cli/compile-shaders.ts'
import { kernelExpansions } from '../src/kernels/expansions.ts'

/** Every shader text that the engine can ask a device to compile, each once; and the files in shaders/ that none of them uses. */
export function allExpansions(): { shaders: ExpandedShader[]; unused: string[] } {
  const byCode = new Map<string, string>()
  const used = new Set<string>()
  for (const { shader, defines } of kernelExpansions()) {
    const code = expandShader(shader, defines)
    const shown = Object.entries(defines ?? {}).map(([key, value]) => `${key}=${value}`)
    if (!byCode.has(code)) byCode.set(code, [shader, ...shown].join(' '))
    used.add(shader)
  }
  // An included file counts with the file that includes it.
  for (const name of used) for (const [, included] of shaderSource(name).matchAll(/^\s*#include\s+"?([\w-]+)/gm)) used.add(included!)
  return { shaders: [...byCode].map(([code, name]) => ({ name, code })), unused: shaderNames.filter((name) => !used.has(name)) }
}
