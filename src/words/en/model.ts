/** What is wrong with a model file, with what it says beside its data, or with its parameters. */
import { counted, listed } from './parts.ts'

export const model = {
  'expected.layers': 'a list of layers',
  'expected.branches': 'a list of branches',
  'expected.shape': '[features] or [channels, height, width]',
  /** A layer at a path of the model file. */
  'layer.at': ({ type, path }: { type: string; path: string }) => `${type} at ${path}`,
  'model.whole': 'the model',
  'model.tooDeep': ({ most }: { most: number }) => `layers nest deeper than ${most} containers`,
  'model.noParameters': ({ where }: { where: string }) => `${where} hold no parameters, so there is nothing to train`,
  'model.minimum': ({ where, found, maximum }: { where: string; found: number; maximum: number }) =>
    `${where} is ${found}, expected at most the maximum ${maximum}`,
  'model.range': ({ where, minimum, maximum }: { where: string; minimum: number; maximum: number }) =>
    `${where} goes from ${minimum} to ${maximum}, expected bounds no farther apart than 3.4e+38, the largest number of single precision`,
  'model.nesterov': ({ where, found }: { where: string; found: string }) => `${where} needs a momentum above 0, found ${found}`,
  'model.augmentation': ({ where, shape }: { where: string; shape: string }) =>
    `${where} moves images, but the input is ${shape}, expected [channels, height, width]`,
  'model.shift': ({ where, shift, size }: { where: string; shift: number; size: string }) =>
    `${where} is ${shift} on images of ${size}, expected less than their sides`,
  'model.oneValue': ({ where, batchSize }: { where: string; batchSize: string }) =>
    `${where} would see one value per channel at ${batchSize} 1, expected a ${batchSize} of at least 2`,
  'model.oneValueLast': ({
    where,
    count,
    data,
    batchSize,
    size,
  }: {
    where: string
    count: number
    data: string
    batchSize: string
    size: number
  }) =>
    `${where} would see one value per channel in the last batch of the ${count} samples of ${data} at ${batchSize} ${size}, expected a ${batchSize} that leaves no batch of 1`,
  'model.probabilities': ({ loss, last, expected }: { loss: string; last: string; expected: string }) =>
    `${loss} takes probabilities, but the output comes from ${last}, expected ${expected}`,
  'shape.features': ({ where, found }: { where: string; found: string }) =>
    `${where} takes [features], found ${found}; a flatten before it makes them one row`,
  'shape.images': ({ where, found }: { where: string; found: string }) => `${where} takes [channels, height, width], found ${found}`,
  'shape.groupsInput': ({ where, groups, channels }: { where: string; groups: number; channels: number }) =>
    `${where} has ${groups} groups, expected a number that divides its input's ${channels} channels`,
  'shape.groupsFilters': ({ where, groups, filters }: { where: string; groups: number; filters: number }) =>
    `${where} has ${groups} groups, expected a number that divides its ${filters} filters`,
  'shape.kernel': ({ where, kernel, extent, padded }: { where: string; kernel: number; extent: number; padded: string }) =>
    extent > kernel
      ? `${where} has a kernel of ${kernel}, dilated to ${extent}, on a padded input of ${padded}, expected one that fits`
      : `${where} has a kernel of ${kernel} on a padded input of ${padded}, expected one that fits`,
  'shape.padding': ({ where, padding, size }: { where: string; padding: number; size: number }) =>
    `${where} has a padding of ${padding}, expected at most half its size ${size}`,
  'shape.windows': ({ where, size, padded }: { where: string; size: number; padded: string }) =>
    `${where} has windows of ${size} on a padded input of ${padded}, expected ones that fit`,
  'shape.sum': ({ where, layers, shortcut }: { where: string; layers: string; shortcut: string }) =>
    `${where} adds two shapes that differ: its layers give ${layers}, its shortcut ${shortcut}`,
  'shape.noBranches': ({ where }: { where: string }) => `${where} has no branches, expected at least one`,
  'shape.join': ({ where, first, odd, branch, rest }: { where: string; first: string; odd: string; branch: number; rest: string }) =>
    `${where} joins shapes that differ beyond the first dimension: ${first} of branches.0 and ${odd} of branches.${branch}, expected [any number${rest}]`,
  'fit.modelInput': "the model's input",
  'fit.input': ({ where, shape, data, sample }: { where: string; shape: string; data: string; sample: string }) =>
    `${where} is ${shape}, but a sample of ${data} is ${sample}`,
  'fit.classes': ({ count }: { count: number }) => counted(count, 'class', 'classes'),
  'fit.targets': ({ count }: { count: number }) => counted(count, 'target'),
  'fit.lossOfNumbers': ({
    where,
    loss,
    data,
    wanted,
    expected,
  }: {
    where: string
    loss: string
    data: string
    wanted: string
    expected: string
  }) => `${where} ${loss} takes numbers as targets, but those of ${data} are ${wanted}, expected ${expected}`,
  'fit.lossOfClasses': ({ where, loss, data, wanted }: { where: string; loss: string; data: string; wanted: string }) =>
    `${where} ${loss} takes classes, but ${data} has ${wanted} in numbers, expected another loss`,
  'fit.output': ({ where, shape, data, wanted }: { where: string; shape: string; data: string; wanted: string }) =>
    `the model's output at ${where} is ${shape}, but ${data} has ${wanted}`,
  'fit.training': ({ data }: { data: string }) => `the training part of ${data}`,
  'fit.test': ({ data }: { data: string }) => `the test part of ${data}`,
  'fit.feature': ({ index, name }: { index: number; name: string }) => (name === '' ? `feature ${index}` : `feature ${index} (${name})`),
  'fit.target': ({ index, name }: { index: number; name: string }) => (name === '' ? `target ${index}` : `target ${index} (${name})`),
  'fit.notFinite': ({ number, sample, part, found }: { number: string; sample: number; part: string; found: number }) =>
    `${number} of sample ${sample} of ${part} is ${found}, expected a finite number`,
  'fit.noProbability': ({
    number,
    sample,
    part,
    found,
    loss,
  }: {
    number: string
    sample: number
    part: string
    found: number
    loss: string
  }) => `${number} of sample ${sample} of ${part} is ${found}, but ${loss} takes targets from 0 to 1`,
  'fit.label': ({ sample, part, found, most }: { sample: number; part: string; found: number; most: number }) =>
    `the label of sample ${sample} of ${part} is ${found}, expected 0 to ${most}`,
  'fit.noSamples': ({ part }: { part: string }) => `${part} has no samples, expected at least one`,
  'fit.values': ({ part, found, expected, count }: { part: string; found: number; expected: number; count: number }) =>
    `${part} has ${counted(found, 'value')}, expected ${expected} for its ${counted(count, 'sample')}`,
  'fit.targetCount': ({ part, found, expected, count }: { part: string; found: number; expected: number; count: number }) =>
    `${part} has ${counted(found, 'target')}, expected ${expected} for its ${counted(count, 'sample')}`,
  'fit.means': ({ data, found, widths }: { data: string; found: number; widths: readonly number[] }) =>
    `the scaling of ${data} has ${counted(found, 'mean')}, expected as many of both: ${widths.join(' or ')}`,
  'fit.deviations': ({ data, found, widths }: { data: string; found: number; widths: readonly number[] }) =>
    `the scaling of ${data} has ${counted(found, 'deviation')}, expected as many of both: ${widths.join(' or ')}`,
  'fit.scalingNotFinite': ({ data }: { data: string }) => `the scaling of ${data} holds a number that is not finite`,
  'fit.noDeviation': ({ data }: { data: string }) => `the scaling of ${data} has a deviation of 0, expected a positive one`,
  'tensors.short': ({ length, least }: { length: number; least: number }) =>
    `found ${counted(length, 'byte')}, expected a safetensors file of at least ${least}`,
  'tensors.cut': ({ length, header }: { length: number; header: string }) =>
    `found ${length} bytes that begin with a header length of ${header}, expected a whole safetensors file; it is cut off or of another kind`,
  'tensors.notJson': 'found a header that is not JSON, expected that of a safetensors file',
  'tensors.noObject': 'found a header that is no JSON object, expected that of a safetensors file',
  'tensors.metadata': ({ key }: { key: string }) => `${key} of the safetensors header is not an object of texts`,
  'tensors.undescribed': ({ where }: { where: string }) => `tensor ${where} has no description, expected dtype, shape and data_offsets`,
  'tensors.dtype': ({ where, found, choices }: { where: string; found: string; choices: readonly string[] }) =>
    `tensor ${where} has dtype ${found}, expected one of ${listed(choices)}`,
  'tensors.sizes': ({ where, found }: { where: string; found: string }) => `tensor ${where} has shape ${found}, expected a list of sizes`,
  'tensors.offsets': ({ where, found }: { where: string; found: string }) =>
    `tensor ${where} has data_offsets ${found}, expected begin and end`,
  'tensors.outside': ({ where, begin, end, length }: { where: string; begin: number; end: number; length: number }) =>
    `tensor ${where} lies at bytes ${begin} to ${end}, outside the ${length} bytes of data`,
  'tensors.length': ({
    where,
    found,
    shape,
    dtype,
    expected,
  }: {
    where: string
    found: number
    shape: string
    dtype: string
    expected: number
  }) => `tensor ${where} has ${found} bytes, but shape ${shape} of ${dtype} needs ${expected}`,
  'tensors.overlap': ({ where, before, at }: { where: string; before: string; at: number }) =>
    `tensors ${before} and ${where} overlap at byte ${at} of the data`,
  'tensors.hole': ({ begin, end }: { begin: number; end: number }) => `bytes ${begin} to ${end} of the data belong to no tensor`,
  'tensors.int32': ({ where, found }: { where: string; found: string }) => `tensor ${where} holds ${found}, which int32 cannot hold`,
  'tensors.missing': ({ where, shape }: { where: string; shape: string }) => `tensor ${where} is missing, expected one of shape ${shape}`,
  'tensors.shape': ({ where, found, shape }: { where: string; found: string; shape: string }) =>
    `tensor ${where} has shape ${found}, expected ${shape}`,
}
