/** PyTorch's defaults of the layers' settings. */
export const layerDefaults = {
  bias: true,
  slope: 0.01,
  alpha: 1,
  eps: 1e-5,
  momentum: 0.1,
  stride: 1,
  padding: 0,
  dilation: 1,
  groups: 1,
} as const
