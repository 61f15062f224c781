import { shaderSource } from '../src/gpu/shader.ts'

/** The step's fields by name, as shaders/step.wgsl declares them; what is not given is 0. */
export type StepFields = Record<string, number>

const fields = [...shaderSource('step').matchAll(/^\s*(\w+): (u32|f32),/gm)].map(([, name, type]) => ({ name: name!, type: type! }))

/** Throws on a name that is none of the step's. */
export function writeStep(row: DataView, step: StepFields) {
  for (const name of Object.keys(step)) if (!fields.some((field) => field.name === name)) throw new Error(`step.wgsl has no field ${name}`)
  fields.forEach(({ name, type }, i) => {
    const value = step[name] ?? 0
    if (type === 'u32') row.setUint32(4 * i, value, true)
    else row.setFloat32(4 * i, value, true)
  })
}
