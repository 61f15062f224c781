import { expandShader, shaderNames, shaderSource } from '../src/gpu/shader.ts'
import type { ExpandedShader } from '../src/cli/compile-shaders.ts'
import { kernelExpansions } from '../src/kernels/expansions.ts'

const entryPoint = /@compute/
const include = /^\s*#include\s+(\w[\w-]*)/gm

/** Every shader text that the engine can ask a device to compile, each once; and the files in shaders/ that none of them uses. */
export function allExpansions(): { shaders: ExpandedShader[]; unused: string[] } {
  const byCode = new Map<string, string>()
  const used = new Set<string>()
  const use = (name: string, defines: Readonly<Record<string, unknown>>) => {
    used.add(name)
    for (const [, included] of shaderSource(name).matchAll(include)) use(String(defines[included!] ?? included), defines)
  }
  const kernels = kernelExpansions()
  const ofKernels = new Set(kernels.map(({ shader }) => shader))
  // The statistics' shaders take no defines: each file stands for itself.
  const others = shaderNames.filter((name) => !ofKernels.has(name) && entryPoint.test(shaderSource(name))).map((shader) => ({ shader, defines: {} }))
  for (const { shader, defines } of [...kernels, ...others]) {
    const code = expandShader(shader, defines)
    const shown = Object.entries(defines).map(([key, value]) => `${key}=${value}`)
    if (!byCode.has(code)) byCode.set(code, [shader, ...shown].join(' '))
    use(shader, { ...defines })
  }
  return { shaders: [...byCode].map(([code, name]) => ({ name, code })), unused: shaderNames.filter((name) => !used.has(name)) }
}
