/** PyTorch's defaults of the layers' settings. */
export const layerDefaults = { bias: true, slope: 0.01, alpha: 1, eps: 1e-5, momentum: 0.1 } as const
