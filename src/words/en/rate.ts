/** The learning-rate test and the sweep map. */
import { counted, listed } from './parts.ts'

export const rate = {
  'rate.range': ({ where, least, greatest }: { where: string; least: number; greatest: number }) =>
    `${where} is ${least}, expected less than the greatest rate, ${greatest}`,
  'rate.reason': ({
    why,
    rate: value,
    near,
    start,
    reached,
    steps,
    works,
  }: {
    why: string
    rate: string
    near: string
    start: string
    reached: string
    steps: number
    works: string
  }) => `${value} is ${why}. At ${near}, the loss falls from ${start} to ${reached} in ${steps} steps (median). ${works}`,
  'rate.because.middle': 'the middle of the rates at which the loss falls fastest',
  'rate.because.margin': ({ edge }: { edge: string }) => `half of ${edge}, where training starts to diverge`,
  'rate.because.greatest': ({ rate: value }: { rate: string }) =>
    `near the top of the range: the loss still falls fastest around ${value}, so test higher rates too`,
  'rate.because.least': ({ rate: value }: { rate: string }) =>
    `near the bottom of the range: the loss still falls fastest around ${value}, so test lower rates too`,
  'rate.works': ({ seeds, from, to }: { seeds: number; from: string; to: string }) =>
    from === to ? `All ${counted(seeds, 'seed')} learn at ${from}.` : `All ${counted(seeds, 'seed')} learn from ${from} to ${to}.`,
  'rate.worksNot': ({ seeds }: { seeds: number }) => `No tested rate works for all ${counted(seeds, 'seed')}.`,
  'rate.nothing': ({ steps }: { steps: number }) =>
    `At no tested rate does the loss fall in ${counted(steps, 'step')}: there is nothing to suggest.`,
  'rate.extent.atOnce': ({ rates, seeds, steps }: { rates: number; seeds: number; steps: number }) =>
    `${counted(rates, 'rate')} × ${counted(seeds, 'seed')}, ${counted(steps, 'step')} each`,
  'rate.extent.budget': ({
    rates,
    seeds,
    steps,
    coarse,
    budget,
  }: {
    rates: number
    seeds: number
    steps: number
    coarse: number
    budget: number
  }) =>
    `${counted(rates, 'rate')} × ${counted(seeds, 'seed')}, ${counted(steps, 'step')} each, around the best of ${coarse} rates over the whole range: as many as fit ${counted(budget, 'second')}, because this network is too large to train many at once`,
  'rate.extent.cut': ({
    rates,
    seeds,
    steps,
    coarse,
    budget,
  }: {
    rates: number
    seeds: number
    steps: number
    coarse: number
    budget: number
  }) =>
    `${counted(rates, 'rate')} × ${counted(seeds, 'seed')}, ${counted(steps, 'step')} each, around the best of ${coarse} rates over the whole range; stopped early: this GPU needs several times the planned ${counted(budget, 'second')}`,
  'sweep.noAxis': ({ found, choices }: { found: string; choices: readonly string[] }) =>
    `there is no axis '${found}', only ${listed(choices)}`,
  'sweep.axisForm': ({ found }: { found: string }) => `'${found}' is no axis, expected NAME=FROM:TO:COUNT, as in learningRate=1e-3:1:16`,
  'sweep.rising': ({ axis, from, to }: { axis: string; from: number; to: number }) =>
    `${axis} goes from ${from} to ${to}, expected an end that is not below the start`,
  'sweep.count': ({ axis, found, most }: { axis: string; found: string; most: number }) =>
    `${axis} has ${found} values, expected a whole number from 1 to ${most}`,
  'sweep.twoAxes': ({ found, choices }: { found: number; choices: readonly string[] }) =>
    `${counted(found, 'axis', 'axes')} given, expected two of ${listed(choices)}`,
  'sweep.sameAxis': ({ axis, choices }: { axis: string; choices: readonly string[] }) =>
    `${axis} is given twice, expected two of ${listed(choices)}`,
  'sweep.noMomentum': ({ found, choices }: { found: string; choices: readonly string[] }) =>
    `${found} has no momentum setting, so there is no such axis; there are ${listed(choices)}`,
  'sweep.noWidth': ({ choices }: { choices: readonly string[] }) =>
    `this network has no hidden dense or convolution layer whose width could vary; the axes are ${listed(choices)}`,
  'sweep.extent': ({ rows, columns, steps }: { rows: number; columns: number; steps: number }) =>
    `${rows} × ${counted(columns, 'network')}, ${counted(steps, 'step')} each`,
  'sweep.thinned': ({ extent, budget }: { extent: string; budget: number }) =>
    `${extent}: as many as fit ${counted(budget, 'second')}, because this network is too large to train many at once`,
  'rate.picture.title': ({ data, optimizer }: { data: string; optimizer: string }) => `Learning-rate test: ${data}, ${optimizer}`,
  'rate.chart.rate': 'learning rate',
  'rate.chart.loss': 'loss',
  'rate.chart.start': 'at first weights',
  'rate.chart.diverged': 'diverged',
  'rate.chart.median': 'median',
  'rate.chart.quartiles': 'middle half',
  'rate.chart.works': 'all seeds learn',
  'rate.chart.limit': '2 / sharpness',
  'rate.chart.given': 'as given',
  'sweep.picture.title': ({ data }: { data: string }) => `Sweep: ${data}`,
  'sweep.axis.seed': 'seed',
  'sweep.axis.learningRate': 'learning rate',
  'sweep.axis.momentum': 'momentum',
  'sweep.axis.weightDecay': 'weight decay',
  'sweep.axis.batchSize': 'batch size',
  'sweep.axis.width': 'width of hidden layers',
  'rate.views': 'What to measure',
  'rate.viewTest': 'Rate test',
  'rate.viewMap': 'Sweep map',
  'rate.hint': 'Trains fresh networks at each rate. Look for the floor of the band, with room before it turns up or diverges.',
  'rate.empty': 'Many rates × many seeds, each from fresh weights: one chart shows which rates learn, and how sure that is.',
  'rate.test': ({ rates, seeds }: { rates: number; seeds: number }) => `Test ${rates} rates × ${seeds} seeds`,
  'rate.testNone': 'Test learning rates',
  'rate.seconds': ({ count }: { count: number }) => `about ${count} s`,
  'rate.minutes': ({ count }: { count: number }) => `about ${count} min`,
  'rate.testing': 'Testing learning rates; training waits',
  'rate.cancel': 'Cancel',
  'rate.stale': 'The run has changed since: test again.',
  'rate.use': ({ rate: value }: { rate: string }) => `Use ${value}`,
  'rate.used': ({ rate: value, step }: { rate: string; step: number }) =>
    `The run goes on from step ${step} at ${value}. The test began with fresh weights.`,
  'rate.beginAnew': 'Begin anew',
  'rate.inUse': ({ rate: value }: { rate: string }) => `${value} is in use`,
  'rate.chart.name': 'Loss by learning rate: arrow keys read rate by rate',
  'rate.chart.now': 'now',
  'rate.readout': ({
    rate: value,
    median,
    lower,
    upper,
    diverged,
    count,
  }: {
    rate: string
    median: string
    lower: string
    upper: string
    diverged: number
    count: number
  }) => `rate ${value}: median loss ${median}, middle half ${lower} to ${upper}, ${diverged} of ${counted(count, 'seed')} diverged`,
  'rate.readout.none': ({ rate: value }: { rate: string }) => `rate ${value}: not trained yet`,
  'sweep.hint': 'One network for each pair of values. Bright is a low loss; point at a cell for its curve, click to adopt it.',
  'sweep.empty': 'Choose two settings: every pair of values trains its own network, and the map fills as they train.',
  'sweep.across': 'Axis to the right',
  'sweep.up': 'Axis upwards',
  'sweep.from': ({ axis }: { axis: string }) => `${axis} from`,
  'sweep.to': ({ axis }: { axis: string }) => `${axis} to`,
  'sweep.widthIs': 'Width: neurons of every hidden dense layer, filters of every hidden convolution.',
  'sweep.run': ({ rows, columns }: { rows: number; columns: number }) => `Train ${rows} × ${columns} networks`,
  'sweep.runNone': 'Train the networks',
  'sweep.training': 'Training the networks of the map; the run waits',
  'sweep.name': ({ across, up }: { across: string; up: string }) => `Loss over ${across} and ${up}: arrow keys move, Enter adopts`,
  'sweep.curve': 'Loss curve of that network',
  'sweep.step': 'step',
  'sweep.loss': ({ loss }: { loss: string }) => `loss ${loss}`,
  'sweep.best': ({ where, loss }: { where: string; loss: string }) => `Lowest: ${where}: ${loss}`,
  'sweep.cell': ({ where, loss }: { where: string; loss: string }) => `${where}: ${loss}`,
}
