/** Legend, inspector, slow step and saved picture: what the picture shows. */
const conjunction = new Intl.ListFormat('en-GB', { type: 'conjunction' })

type Node = { layer: string; number: number }
type Told = { node: string; numbers: readonly string[] }
type Joined = { from: string; to: string; numbers: readonly string[] }
type Value = { value: string }
type OfStep = { rate: string; uncounted: string }

export const stage = {
  // The legend.
  'stage.colours': 'Colours',
  'stage.edges': 'Edges: |∂L/∂weight|',
  'stage.edgesTitle': 'Of a filter, the norm over its taps',
  'stage.more': 'More about the colours',
  'stage.edgeRows': 'Gradient magnitudes from dark to bright',
  'stage.neuronRows': 'Magnitudes of the neurons’ values',
  'stage.pathRows': 'Gradient that arrives through bypass and layers',
  'stage.pathsTitle': '‖∂L/∂input‖ of each block, through its bypass and through its layers',
  'stage.paths': 'Gradient into blocks through',
  'stage.bypass': 'bypass',
  'stage.layers': 'layers',
  'stage.oddPart': ({ part, odd }: { part: string; odd: string }) => `${part}: ${odd}`,
  'stage.oddParts': ({ parts }: { parts: readonly string[] }) => parts.join('; '),
  'stage.dark': 'dark',
  'stage.bright': 'bright',
  'stage.exactlyZero': 'exactly zero',
  'stage.noGradientYet': 'no gradient yet',
  'stage.nonFinite': 'NaN or infinite',
  'stage.negative': 'negative',
  'stage.positive': 'positive',
  'stage.allLayers': 'All layers',

  // The parameters of the view.
  'stage.view': 'View settings',
  'stage.scale': 'Colour scale',
  'stage.scaleTitle':
    'per layer: each layer from its own 5th to its 99.5th percentile. global: one scale for all layers, so that they can be compared',
  'stage.perLayer': 'per layer',
  'stage.global': 'global',
  'stage.map': 'Colour map',
  'stage.neurons': 'Neurons show',
  'stage.activation': 'activation',
  'stage.gradient': '∂L/∂activation',
  'stage.sample': 'Sample of the batch that the neurons show',
  'stage.sampleName': ({ count }: { count: number }) => `Sample of ${count}`,
  'stage.edgesPerLayer': 'Edges per layer at most',
  'stage.edgesPerLayerName': 'Edges per layer',
  'stage.edgesPerLayerTitle': 'Of each layer only the edges with the strongest gradients are drawn; fewer are faster',
  'stage.share': 'Share of the time that drawing may take while training',
  'stage.shareName': 'Drawing takes up to',
  'stage.shareTitle': 'While a run trains, drawing takes at most this share of the time: frame rate and sharpness adapt',
  'stage.percent': ({ percent }: { percent: number }) => `${percent} %`,

  // The card of an edge, a neuron or a branch.
  'stage.selected': 'Selected',
  'stage.noGradient': 'No gradient yet: no step is done.',
  'stage.filter': ({ to, from }: { to: number; from: number }) => `Filter ${to} ← ${from}`,
  'stage.weight': ({ to, from }: { to: number; from: number }) => `Weight ${to} ← ${from}`,
  'stage.neuron': ({ number, of }: { number: number; of: string }) => `Neuron ${number} of ${of}`,
  'stage.channel': ({ number, of }: { number: number; of: string }) => `Channel ${number} of ${of}`,
  'stage.through': ({ branch }: { branch: string }) => `Gradient through ${branch}`,
  'stage.row.weightNorm': '‖weight‖',
  'stage.row.weightGradientNorm': '‖∂L/∂weight‖',
  'stage.row.weight': 'weight',
  'stage.row.weightGradient': '∂L/∂weight',
  'stage.row.activation': 'activation',
  'stage.row.activationGradient': '∂L/∂activation',
  'stage.row.bias': 'bias',
  'stage.row.biasGradient': '∂L/∂bias',
  'stage.row.inputGradientNorm': '‖∂L/∂input‖',
  'stage.row.from': 'from',
  'stage.row.to': 'to',
  'stage.row.path': 'path',
  'stage.row.layer': 'layer',
  'stage.row.position': 'position',
  'stage.position': ({ row, column }: { row: number; column: number }) => `row ${row}, column ${column}`,
  'stage.ofChannel': ({ layer, channel }: { layer: string; channel: number }) => `${layer} · channel ${channel}`,
  'stage.filterNote': ({ height, width }: { height: number; width: number }) => `Norms over the ${height} × ${width} taps.`,
  'stage.sampleNote': ({ sample, batch }: { sample: number; batch: number }) => `Sample ${sample} of ${batch} of the batch.`,
  'stage.branchNote': ({ path, rows }: { path: string; rows: number }) =>
    `The part of the gradient that reaches the input of ${path} through this branch, over ${rows} of the batch’s rows.`,
  'stage.theBypass': 'the bypass',
  'stage.theShortcut': 'the shortcut',
  'stage.theLayers': 'the layers',
  'stage.branch': ({ number }: { number: number }) => `branch ${number}`,
  'stage.inputName': ({ name }: { name: string }) => `input ${name}`,
  'stage.outputName': ({ name }: { name: string }) => `output ${name}`,
  'stage.neuronOf': ({ layer, number }: Node) => `${layer}, neuron ${number}`,
  'stage.filtersBy': ({ what }: { what: string }) => `Filters by ${what}`,
  'stage.byWeight': 'weight',
  'stage.byGradient': 'gradient',

  // What an optimizer makes of a gradient. `uncounted` begins with a comma where there is something.
  'stage.sgd': ({ rate, change, uncounted }: OfStep & { change: string }) =>
    `SGD: a step at rate ${rate} changes it by ${change}${uncounted}.`,
  'stage.adam': ({ rate, uncounted }: OfStep) =>
    `Adam divides a running mean of this gradient by its running root mean square: a step at rate ${rate} changes it by about ${rate} at most, however large the gradient${uncounted}.`,
  'stage.adamw': ({ rate, uncounted }: OfStep) =>
    `AdamW divides a running mean of this gradient by its running root mean square: a step at rate ${rate} changes it by about ${rate} at most, however large the gradient${uncounted}.`,
  'stage.rmsprop': ({ rate, uncounted }: OfStep) =>
    `RMSprop divides this gradient by its running root mean square: a step at rate ${rate} changes it by about ${rate}, however large the gradient${uncounted}.`,
  'stage.adagrad': ({ rate, uncounted }: OfStep) =>
    `Adagrad divides this gradient by the root of the sum of its squares so far: a step at rate ${rate} changes it by ${rate} at most, and by less the longer it trains${uncounted}.`,
  'stage.uncounted': ({ others }: { others: readonly string[] }) => `, not counting ${conjunction.format(others)}`,
  'stage.momentum': 'momentum',
  'stage.weightDecay': 'weight decay',
  'stage.clipping': 'clipping',

  // Told aloud while arrow keys walk through the picture.
  'stage.told.input': 'Input',
  'stage.told.neuron': ({ layer, number }: Node) => `${layer}, neuron ${number}`,
  'stage.told.channel': ({ layer, number }: Node) => `${layer}, channel ${number}`,
  'stage.told.middle': ({ node }: { node: string }) => `${node}, middle pixel`,
  'stage.told.values': ({ node, numbers }: Told) => `${node}: ${numbers.join(', ')}`,
  'stage.told.weight': ({ from, to, numbers }: Joined) => `Weight from ${from} to ${to}: ${numbers.join(', ')}`,
  'stage.told.filter': ({ from, to, numbers }: Joined) => `Filter from ${from} to ${to}: ${numbers.join(', ')}`,
  'stage.told.activation': ({ value }: Value) => `activation ${value}`,
  'stage.told.gradient': ({ value }: Value) => `gradient ${value}`,
  'stage.told.value': ({ value }: Value) => `value ${value}`,
  'stage.told.norm': ({ value }: Value) => `norm ${value}`,
  'stage.told.nothing': 'no value yet: no step is done',

  // A step played slowly, and what is missing on the stage.
  'stage.forward': 'Forward',
  'stage.backward': 'Backward',
  'stage.update': 'Update',
  'stage.activations': 'activations',
  'stage.gradients': 'gradients',
  'stage.stepDone': ({ step }: { step: number }) => `step ${step} done`,
  'stage.compiling': 'Compiling the picture …',

  // The saved picture.
  'stage.poster.loss': ({ loss }: { loss: string }) => `loss ${loss}`,
  'stage.poster.testLoss': ({ loss }: { loss: string }) => `test loss ${loss}`,
  'stage.poster.tested': ({ loss, share }: { loss: string; share: string }) => `test loss ${loss}, ${share} correct`,
  'stage.poster.noCanvas': 'this browser has no 2D canvas to draw the picture on',
}
