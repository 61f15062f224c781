import { preprocess, type Defines } from './preprocess.ts'

// The one door through which shader text enters; the build inlines it.
const files = import.meta.glob('../../shaders/*.wgsl', { query: '?raw', import: 'default', eager: true }) as Record<string, string>
const overrides = new Map<string, string>()

export const shaderNames = Object.keys(files).map((path) => path.slice(path.lastIndexOf('/') + 1, -'.wgsl'.length))

export function shaderSource(name: string): string {
  const text = overrides.get(name) ?? files[`../../shaders/${name}.wgsl`]
  if (text === undefined) throw new Error(`no shader named ${name} in shaders/`)
  return text
}

/** Replaces a shader's text for this process, so that a test can break one; undefined restores it. */
export function overrideShader(name: string, text: string | undefined) {
  if (text === undefined) overrides.delete(name)
  else overrides.set(name, text)
}

/** The WGSL of shaders/NAME.wgsl with its includes and defines. */
export function expandShader(name: string, defines: Defines = {}): string {
  return preprocess(name, shaderSource, defines)
}
