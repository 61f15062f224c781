import type { ExpandedShader } from '../src/cli/compile-shaders.ts'
export { needsSubgroups } from '../src/cli/compile-shaders.ts'
import { preprocess, type Defines } from '../src/gpu/preprocess.ts'
import { shaderNames, shaderSource } from '../src/gpu/shader.ts'
import { activations } from '../src/kernels/activation.ts'
import { kernelExpansions } from '../src/kernels/expansions.ts'
import { matmul } from '../src/kernels/matmul.ts'

const both = [false, true]

function* matmulExpansions(): Generator<{ shader: string; defines?: Defines }> {
  for (const transposeA of both)
    for (const transposeB of both) {
      const shape = { m: 4, n: 4, k: 4, transposeA, transposeB }
      for (const bias of both) {
        yield matmul(shape, { bias })
        for (const activation of Object.keys(activations)) yield matmul(shape, { bias, activation })
      }
      for (const derivative of Object.keys(activations)) yield matmul(shape, { derivative })
    }
}

/** Every shader text that the engine can ask a device to compile, each once; and the files in shaders/ that none of them uses. */
export function allExpansions(): { shaders: ExpandedShader[]; unused: string[] } {
  const byCode = new Map<string, { name: string; tuned: boolean }>()
  const used = new Set<string>()
  const expand = (shader: string, defines: Defines = {}, tuned = false) => {
    const source = (name: string) => {
      used.add(name)
      return shaderSource(name)
    }
    const code = preprocess(shader, source, defines)
    const shown = Object.entries(defines).map(([key, value]) => `${key}=${value}`)
    if (!byCode.has(code)) byCode.set(code, { name: [shader, ...shown].join(' '), tuned })
  }
  for (const { shader, defines } of matmulExpansions()) expand(shader, defines)
  for (const { shader, defines, tuned } of kernelExpansions()) expand(shader, defines, tuned)
  // The shaders of src/inspect and src/view take no defines.
  for (const shader of shaderNames) if (!used.has(shader) && /@(compute|vertex|fragment)/.test(shaderSource(shader))) expand(shader)
  return {
    shaders: [...byCode].map(([code, { name, tuned }]) => ({ name, code, tuned })),
    unused: shaderNames.filter((name) => !used.has(name)),
  }
}
