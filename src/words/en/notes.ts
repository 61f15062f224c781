/** What a reader should know of data: what was done to them, and what a preset is. */
import { counted } from './parts.ts'

const depth =
  'One network of 20 dense layers, four times: plain with sigmoids, with ReLU, with batch normalisation, with residual connections. All see the same samples in the same order.'
const times = (hasTime: boolean): string =>
  hasTime ? 'its year, and its day of the year and time of day' : 'its year, and its day of the year'

export const notes = {
  'note.folderUnused': ({ folder }: { folder: string }) => `The folder ${folder} is not used.`,
  'note.fileUnused': ({ file }: { file: string }) => `${file} is not used.`,
  'note.resized': ({ count, width, height }: { count: number; width: number; height: number }) =>
    `${counted(count, 'image was', 'images were')} resized and centre-cropped to ${width} × ${height} pixels.`,
  'note.grey': 'Colours become grey by their luminance.',
  'note.bytes': 'bytes from 0 to 255',
  'note.numbers': ({ least, greatest }: { least: number; greatest: number }) => `numbers from ${least} to ${greatest}`,
  'note.noTarget': ({ count, column }: { count: number; column: string }) =>
    `${counted(count, 'row')} without a value for "${column}" left out.`,
  'note.noTargetIn': ({ file, count, column }: { file: string; count: number; column: string }) =>
    `${file}: ${counted(count, 'row')} without a value for "${column}" left out.`,
  'note.odd': ({ column, text, place }: { column: string; text: string; place: string }) =>
    `"${column}" holds "${text}" at ${place} among numbers and is read as categories.`,
  'note.leftOut': ({ column, why }: { column: string; why: string }) => `"${column}" left out: ${why}.`,
  'why.asked': 'as asked',
  'why.empty': 'it holds no value in the training part',
  'why.names': ({ kinds, rows }: { kinds: number; rows: number }) =>
    `${counted(kinds, 'different text')} in ${counted(rows, 'row')} are names rather than categories`,
  'note.target': ({ column, deviation, mean }: { column: string; deviation: number; mean: number }) =>
    `The target "${column}" is standardised: ${column} = output · ${deviation} + ${mean}.`,
  'note.origin': ({ column, origin }: { column: string; origin: number }) =>
    `"${column}" is taken less ${origin}: its values differ by too little, beside that, for single precision.`,
  'note.filled': ({ column, count, mean }: { column: string; count: number; mean: string }) =>
    `"${column}": ${counted(count, 'missing value')} filled with the mean of the training part, ${mean}.`,
  'note.constant': ({ column, value }: { column: string; value: string }) => `"${column}" is constant (${value}) in the training rows.`,
  'note.ownCategory': ({ column, count }: { column: string; count: number }) =>
    `"${column}": ${counted(count, 'missing value')} taken as a category of its own.`,
  'note.noCategory': ({ column, count }: { column: string; count: number }) =>
    `"${column}": ${counted(count, 'missing value')} of the test part taken as none of the categories.`,
  'note.date': ({ column, hasTime }: { column: string; hasTime: boolean }) => `"${column}" became ${times(hasTime)} as sine and cosine.`,
  'note.dateFilled': ({ column, count }: { column: string; count: number }) =>
    `"${column}": ${counted(count, 'missing date')} filled with the mean year and with 0 for sine and cosine.`,

  'about.iris': '150 irises of three species, by their sepals and petals (R. A. Fisher, 1936).',
  'about.weather': 'The weather of 1,461 days in Seattle, by date, precipitation, temperatures and wind (NOAA).',
  'about.penguins': '344 penguins of three species, by island, beak, flipper, mass and sex (K. Gorman, Palmer Station).',
  'about.mnist': '60,000 handwritten digits to train on and 10,000 to test on, 28×28 pixels each (Y. LeCun, C. Cortes, C. Burges).',
  'about.cifar10': 'Photographs of ten kinds of things, 32×32 pixels in colour each (A. Krizhevsky, 2009): your own copy of CIFAR-10.',
  'about.figure': '1000 points of the plane in two classes, a fifth of them kept for testing.',
  'about.depth': depth,
  'about.logit':
    'Loss and gradient are computed from the logit, the number that the last sigmoid takes: where the network is sure, the probability rounds to 0 or 1 and would leave no gradient.',
  'about.lenet5': 'LeNet-5 (LeCun et al., 1998): two convolutions with tanh and average pooling, three dense layers.',
  'about.vgg': 'A VGG of 8 weight layers (Simonyan and Zisserman, 2014): pairs of 3 × 3 convolutions between poolings.',
  'about.googlenet': 'A GoogLeNet of three Inception modules (Szegedy et al., 2014): convolutions of several sizes side by side.',
  'about.resnet20': 'ResNet-20 (He et al., 2015): nine blocks with a shortcut beside each.',
  'about.densenet40': 'DenseNet-40 of growth 12 (Huang et al., 2016): every layer of a block sees what all before it have made.',
  'article.task':
    'The article trains a 10-5-1 network on 100 random samples with random targets: there is nothing to learn but the mean, so the loss falls towards 1/12, the variance of the targets.',
  'article.code': 'Its code does not run as printed; this run does what its text says.',
  'article.sigmoid': 'Mended: np.sigmoid does not exist; the sigmoid is 1 / (1 + e⁻ˣ).',
  'article.broadcast': 'Mended: A2 - y broadcasts a column and a row to 100×100; targets stand in a column here.',
  'article.bias':
    'Mended: the bias update raises an error on the dimension that its sum keeps; the bias gradient has the shape of the bias here.',
  'article.derivative': 'Mended: the derivative of the output sigmoid is missing; it is part of the gradient here.',
  'article.loss': 'Mended: the loss that is printed is not the one that is differentiated; both are the mean squared error here.',
  'article.plot': 'Mended: the plot is given a single number; every step has its loss here.',
  'article.perturbation': 'The random perturbation of the weights is a setting of its own, 0 at first.',
  'article.logit':
    'With binary cross entropy instead of the mean squared error: loss and gradient are computed from the logit, the number that the last sigmoid takes: where the network is sure, the probability rounds to 0 or 1 and would leave no gradient.',
}
