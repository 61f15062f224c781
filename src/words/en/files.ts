/** The panel of the data, the dialogs of own data, and what becomes of files. */
const whole = new Intl.NumberFormat('en')
const plurals = new Intl.PluralRules('en')
const listed = new Intl.ListFormat('en-GB')

const isOne = (count: number): boolean => plurals.select(count) === 'one'
const counted = (count: number, one: string, other: string): string => `${whole.format(count)} ${isOne(count) ? one : other}`
const rows = (count: number): string => counted(count, 'row', 'rows')
const samples = (count: number): string => counted(count, 'sample', 'samples')
const inputs = (count: number): string => counted(count, 'input', 'inputs')
const predicted = (classes: number | null): string => (classes === null ? 'a number' : counted(classes, 'class', 'classes'))
const numbers = (sizes: readonly number[]): string => listed.format(sizes.map(String))

export const files = {
  'files.data': 'Data',
  'files.preset.article': '10 numbers in, one out: the article’s 10-5-1 network',
  'files.preset.mnist': '70,000 handwritten digits of 28 × 28 pixels',
  'files.preset.xor': 'Two classes in opposite quadrants',
  'files.preset.circle': 'A disc inside a ring',
  'files.preset.gaussians': 'Two clouds of points',
  'files.preset.spiral': 'Two spiral arms, wound into each other',
  'files.preset.moons': 'Two interlocking half circles',
  'files.preset.iris': 'Three species of iris, by petal and sepal',
  'files.preset.weather': 'Seattle’s weather, day by day',
  'files.preset.penguins': 'Three species of penguin, by bill, flipper and mass',
  'files.preset.depth-comparison':
    'One deep network four times, side by side: plain, with ReLU, with batch normalisation and with residual connections',
  'files.preset.network': ({ network, data }: { network: string; data: string }) => `${network} on ${data}`,
  'files.preset.ownCopy': ({ network, data }: { network: string; data: string }) => `${network} on your own copy of ${data}`,
  'files.tile.depth-comparison': 'compare',
  'files.slow': 'This browser has no GPU to train on, so the networks from the papers need about a minute before their first step.',

  'files.facts.samples': 'Samples',
  'files.facts.in': 'In',
  'files.facts.out': 'Out',
  'files.facts.counts': ({ train, test }: { train: number; test: number }) => `${whole.format(train)} train · ${whole.format(test)} test`,
  'files.facts.pixels': ({ width, height }: { width: number; height: number }) => `${width} × ${height} pixels`,
  'files.facts.numbers': ({ count }: { count: number }) => counted(count, 'number', 'numbers'),
  'files.facts.classes': ({ count }: { count: number }) => counted(count, 'class', 'classes'),
  'files.about': 'About this data',
  'files.fixes': 'Fixes made to the article’s code',

  'files.own': 'Your own data:',
  'files.own.how': 'drop CSV, JSON, IDX, CIFAR-10, a ZIP or folder of images, or a model here',
  'files.own.input': 'Files with your own data or a model',
  'files.own.folder': 'or a folder of images, one folder per class',
  'files.own.folderInput': 'A folder of images',
  'files.drop': 'Drop CSV, JSON, IDX, CIFAR-10, a folder or ZIP of images, or a model',

  'files.train': 'Train on this',
  'files.cancel': 'Cancel',
  'files.done': 'What will be done',
  'files.start.dense': ({ units, loss }: { units: readonly number[]; loss: string }) =>
    `Begins with dense layers of ${numbers(units)} units and the loss ${loss}; both can be changed while it runs.`,
  'files.start.convolutions': ({ filters, units, loss }: { filters: readonly number[]; units: readonly number[]; loss: string }) =>
    `Begins with convolutions of ${numbers(filters)} filters, then dense layers of ${numbers(units)} units and the loss ${loss}; both can be changed while it runs.`,
  'files.split.kept': 'Kept for testing:',
  'files.split.own': ({ name }: { name: string }) => `Tested on ${name}`,
  'files.split.rows': 'Share of the rows kept for testing, in percent',
  'files.split.samples': 'Share of the samples kept for testing, in percent',

  'files.table': ({ rows: count, columns, missing }: { rows: number; columns: number; missing: number }) =>
    `${rows(count)}, ${counted(columns, 'column', 'columns')}, ${missing === 0 ? 'no value' : counted(missing, 'value', 'values')} missing.`,
  'files.table.note': ({ inputs: count, classes, train, test }: { inputs: number; classes: number | null; train: number; test: number }) =>
    `${inputs(count)} → ${predicted(classes)}. Trains on ${rows(train)}, tests on ${rows(test)}.`,
  'files.table.noteOwn': ({ inputs: count, classes, train }: { inputs: number; classes: number | null; train: number }) =>
    `${inputs(count)} → ${predicted(classes)}. Trains on ${rows(train)}, tests on the other file.`,
  'files.columns': 'Columns',
  'files.columns.use': 'Use',
  'files.columns.column': 'Column',
  'files.columns.kind': 'Kind',
  'files.columns.missing': 'Missing',
  'files.columns.scaling': 'Scaling',
  'files.columns.examples': 'First values',
  'files.columns.becomes': 'Becomes',
  'files.column.use': ({ name }: { name: string }) => `Use column ${name}`,
  'files.column.numeric': 'numbers',
  'files.column.category': 'categories',
  'files.column.date': 'dates',
  'files.column.year': 'year',
  'files.column.target': 'the target',
  'files.column.inputs': ({ count }: { count: number }) => inputs(count),
  'files.target': 'Column to predict',
  'files.task': 'It is',
  'files.task.kind': 'Kind of prediction',
  'files.task.regression': 'a number (regression)',
  'files.task.classes': 'one of several classes',

  'files.samples.classes': ({ count, size, classes }: { count: number; size: string; classes: number }) =>
    `${samples(count)} of ${size}, ${counted(classes, 'class', 'classes')}.`,
  'files.samples.targets': ({ count, size, least, greatest }: { count: number; size: string; least: string; greatest: string }) =>
    `${samples(count)} of ${size}, targets from ${least} to ${greatest}.`,
  'files.size.pixels': ({ size, values }: { size: string; values: string }) => `${size} pixels (${values})`,
  'files.size.values': ({ size, values }: { size: string; values: string }) => `${size} values (${values})`,
  'files.size.grey': ({ width, height }: { width: number; height: number }) => `${width} × ${height} pixels in grey`,
  'files.size.colour': ({ width, height }: { width: number; height: number }) => `${width} × ${height} pixels in colour`,
  'files.size.channels': ({ width, height, channels }: { width: number; height: number; channels: number }) =>
    `${width} × ${height} pixels in ${channels} channels`,
  'files.samples.note': ({
    inputs: count,
    classes,
    train,
    test,
  }: {
    inputs: number
    classes: number | null
    train: number
    test: number
  }) => `${inputs(count)} → ${predicted(classes)}. Trains on ${samples(train)}, tests on ${test === 0 ? 'none' : samples(test)}.`,
  'files.samples.shown': 'Samples of each class',
  'files.samples.first': 'The first samples and their targets',
  'files.samples.one': ({ row, label }: { row: number; label: string }) => `Sample ${row}, label ${label}`,
  'files.classes': 'Classes',
  'files.scaling': 'Scaling',
  'files.scaling.label': 'Scaling of the values',
  'files.scaling.standardise': 'to mean 0 and deviation 1',
  'files.scaling.unit': 'from 0–255 to 0–1',
  'files.scaling.none': 'none: as in the file',
  'files.scaling.divided': 'Every value is divided by 255.',
  'files.scaling.kept': 'The values stay as they are.',
  'files.scaling.formula': ({ x }: { x: string }) => `(${x} − mean) / deviation`,
  'files.scaling.all': ({ formula }: { formula: string }) =>
    `Every value x becomes ${formula}, by the mean and deviation of the training part.`,
  'files.scaling.channels': ({ formulas }: { formulas: readonly string[] }) =>
    `The values x of each channel become ${formulas.join(', ')}, by the channel’s mean and deviation in the training part.`,
  'files.images.size': 'Size',
  'files.images.size.label': 'Size of the images',
  'files.images.size.all': ({ size }: { size: string }) => `${size}, as all are`,
  'files.images.size.most': ({ size }: { size: string }) => `${size}, as most are`,
  'files.images.colours': 'Colours',
  'files.images.colours.label': 'Colours of the images',
  'files.images.rgb': 'red, green and blue',
  'files.images.grey': 'grey',
  'files.images.greyAll': 'grey, as all are',

  'files.cifar10':
    'This preset trains on your own copy of CIFAR-10 in its binary version (cifar-10-binary.tar.gz, unpacked). Drop its six files or their folder here, or choose them. Only this page reads them.',
  'files.cifar10.files': 'Choose files',
  'files.cifar10.folder': 'Choose their folder',
  'files.cifar10.there': ({ there, wanted }: { there: number; wanted: number }) =>
    `${there} of ${wanted} files ${isOne(there) ? 'is' : 'are'} here. Training starts as soon as all six are.`,

  'files.unreadable': ({ path, why }: { path: string; why: string }) => `${path} could not be read: ${why}.`,
  'files.tooLarge': ({ path, size, most }: { path: string; size: number; most: number }) =>
    `${path} has ${size} bytes, expected at most ${most}.`,
  'files.progress.found': ({ count }: { count: number }) => `${counted(count, 'file', 'files')} found so far.`,
  'files.progress.read': ({ done, total }: { done: number; total: number }) =>
    `${whole.format(done)} of ${counted(total, 'file', 'files')} read.`,
  'files.progress.decoded': ({ name, done, total }: { name: string; done: number; total: number }) =>
    `${name}: ${whole.format(done)} of ${counted(total, 'image', 'images')} decoded.`,
  'files.mixed': ({ names }: { names: readonly string[] }) =>
    `Found ${names.join(', ')}, expected either data or a model with its parameters, one after the other.`,
  'files.object': ({ name, keys, more }: { name: string; keys: readonly string[]; more: boolean }) =>
    `${name}: found an object with ${keys.length === 0 ? 'no key' : `the ${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')}${more ? ', …' : ''}`}, expected data (an array of records) or a model (an object with "format", "input", "layers", "loss" and "optimizer").`,
  'files.model': ({ name }: { name: string }) => `The network of ${name} trains now; Undo brings back the one before.`,
  'files.parameters.begin': ({ name, into }: { name: string; into: string }) =>
    `The parameters of ${name} are in ${into} now: the run begins with them.`,
  'files.parameters': ({ name, into }: { name: string; into: string }) => `The parameters of ${name} are in ${into} now.`,
  'files.parameters.momentum': ({ name, into }: { name: string; into: string }) =>
    `The parameters of ${name} are in ${into} now. Momentum starts from zero.`,
  'files.parameters.squares': ({ name, into }: { name: string; into: string }) =>
    `The parameters of ${name} are in ${into} now. The mean of squared gradients starts from zero.`,
  'files.parameters.into': 'the network',
  'files.parameters.intoSome': ({ some, all }: { some: number; all: number }) => `${some} of ${counted(all, 'network', 'networks')}`,
}
