import { packParams, type Kernel } from '../gpu/kernel.ts'

export interface RowShape {
  rows: number
  features: number
}

const workgroup = 16
/** Threads that share a row, and the features from which on they do: below, their barriers cost more than they save. */
const strips = 64
const manyFeatures = 1024

function kernel(stage: string, { rows, features }: RowShape, access: Kernel['access'], threads: number, eps = 0): Kernel {
  const shared = stage !== 'GRADIENTS' && features >= manyFeatures
  return {
    label: `layerNorm ${stage.toLowerCase()} ${rows}×${features}`,
    shader: 'layerNorm',
    defines: { [stage]: true, STRIPS: shared ? strips : 1, WORKGROUP: shared ? strips : workgroup },
    params: packParams(rows, features, { f: eps }),
    access,
    workgroups: [shared ? rows : Math.ceil(threads / workgroup), 1, 1],
  }
}

/** Binds x, weight, bias, y, each row's mean and inverse deviation. */
export const layerNormForward = (shape: RowShape, { eps }: { eps: number }) =>
  kernel('FORWARD', shape, ['read', 'read', 'read', 'write', 'write', 'write'], shape.rows, eps)

/** Binds x, dy, mean, inverse deviation, ∂L/∂weight, ∂L/∂bias. */
export const layerNormGradients = (shape: RowShape) =>
  kernel('GRADIENTS', shape, ['read', 'read', 'read', 'read', 'write', 'write'], shape.features)

/** Binds x, dy, mean, inverse deviation, weight, ∂L/∂x. */
export const layerNormInput = (shape: RowShape) => kernel('INPUT', shape, ['read', 'read', 'read', 'read', 'read', 'write'], shape.rows)
