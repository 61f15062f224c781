/** The row of numbers that a training step is told: where each field lies in it, as shaders/step.wgsl declares them. */
import { shaderSource } from '../gpu/shader.ts'

const declared = [...shaderSource('step').matchAll(/^\s*(\w+): (u32|f32),/gm)]
const floats = new Set(declared.filter(([, , type]) => type === 'f32').map(([, name]) => name))

function at(field: string): number {
  const index = declared.findIndex(([, name]) => name === field)
  if (index < 0) throw new Error(`shaders/step.wgsl has no field ${field}`)
  return 4 * index
}

/** In bytes. A trainer writes 200,000 rows a second, field by field. */
export const stepOffsets = {
  step: at('step'),
  batchStart: at('batchStart'),
  batchCount: at('batchCount'),
  seedLow: at('seedLow'),
  seedHigh: at('seedHigh'),
  slot: at('slot'),
  shuffle: at('shuffle'),
  learningRate: at('learningRate'),
  weightDecay: at('weightDecay'),
  momentum: at('momentum'),
  beta1: at('beta1'),
  beta2: at('beta2'),
  oneMinusBeta1: at('oneMinusBeta1'),
  oneMinusBeta2: at('oneMinusBeta2'),
  epsilon: at('epsilon'),
  correction1: at('correction1'),
  correction2: at('correction2'),
  clipNorm: at('clipNorm'),
  perturbation: at('perturbation'),
  training: at('training'),
  sampleCount: at('sampleCount'),
  row: at('row'),
  steps: at('steps'),
  observe: at('observe'),
  meanOver: at('meanOver'),
  part: at('part'),
  parts: at('parts'),
  order0: at('order0'),
  order1: at('order1'),
  order2: at('order2'),
  order3: at('order3'),
  orderBlock: at('orderBlock'),
}
export type StepField = keyof typeof stepOffsets
export const stepFields = Object.keys(stepOffsets) as StepField[]

const missing = declared.map(([, name]) => name!).filter((name) => !Object.hasOwn(stepOffsets, name))
if (missing.length) throw new Error(`shaders/step.wgsl declares ${missing.join(', ')}, which no row has`)

/** Writes some fields of a row, little-endian. */
export function writeStepFields(row: DataView, values: Partial<Record<StepField, number>>): void {
  for (const [name, value] of Object.entries(values))
    if (floats.has(name)) row.setFloat32(stepOffsets[name as StepField], value, true)
    else row.setUint32(stepOffsets[name as StepField], value, true)
}
