import { packParams, type Kernel } from '../gpu/kernel.ts'

export interface RowShape {
  rows: number
  features: number
}

const workgroup = 16

function kernel(stage: string, { rows, features }: RowShape, access: Kernel['access'], threads: number, eps = 0): Kernel {
  return {
    label: `layerNorm ${stage.toLowerCase()} ${rows}×${features}`,
    shader: 'layerNorm',
    defines: { [stage]: true, WORKGROUP: workgroup },
    params: packParams(rows, features, { f: eps }),
    access,
    workgroups: [Math.ceil(threads / workgroup), 1, 1],
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
