/** The table of all layers, in the drawer. */
export const layerTable = {
  'layerTable.title': 'All layers',
  'layerTable.filter': 'Filter layers',
  'layerTable.kind': 'Kind of layer',
  'layerTable.all': 'All kinds',
  'layerTable.layer': 'Layer',
  'layerTable.layer.about': 'By name; otherwise in the order of the network',
  'layerTable.layers': ({ count }: { count: number }) => (count === 1 ? '1 layer' : `${count} layers`),
  'layerTable.none': 'No layer matches the filter.',
  'layerTable.nothing': 'Nothing measured yet: the numbers come with the first steps.',
  'layerTable.told': ({ step, batch, of, samples }: { step: string; batch: number; of: number; samples: string }) =>
    `Step ${step}, ${batch < of ? `the first ${batch} of ${of}` : batch} samples; dead over ${samples}`,
  'layerTable.gradient': 'Gradient',
  'layerTable.gradient.about': '‖∂L/∂w‖: norm of the gradient of the weights; of a norm by itself, of its scale γ',
  'layerTable.share': '÷ last',
  'layerTable.share.about':
    'Gradient norm over that of the last layer with weights. Healthy: 0.001 to 70. Below it vanishes, above it explodes (AutoTrainer, ICSE 2021).',
  'layerTable.weight': 'Weights',
  'layerTable.weight.about': '‖w‖: norm of the weights, after the step',
  'layerTable.update': 'Update',
  'layerTable.update.about':
    '‖Δw‖ / ‖w‖: how far one step moves the weights, as a share of them. About 0.001 is usual; healthy: 0.00001 to 0.1 (DeepDiagnosis, ICSE 2022).',
  'layerTable.mean': 'Mean',
  'layerTable.mean.about': 'Mean of what the layer puts out',
  'layerTable.spread': 'Spread',
  'layerTable.spread.about': 'Standard deviation of what the layer puts out',
  'layerTable.dead': 'Dead',
  'layerTable.dead.about':
    'Share of neurons that put out nothing, or always the same, for any sample. Healthy: half of them at most (SageMaker Debugger).',
  'layerTable.saturated': 'Saturated',
  'layerTable.saturated.about':
    'Share of outputs on a flat end of the activation: tanh beyond ±0.97, sigmoid below 0.015 or above 0.985. Healthy: half of them at most (SageMaker Debugger).',
}
