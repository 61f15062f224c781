/** What a change begins the run anew with. */
export const changes = {
  'change.form': ({ found }: { found: string }) => `expected NAME=VALUE, found ${found}`,
  'change.network': 'network',
  'change.loss': ({ loss }: { loss: string }) => `loss ${loss}`,
  'change.optimizer': ({ optimizer }: { optimizer: string }) => `optimizer ${optimizer}`,
  'change.momentum': ({ momentum }: { momentum: number }) => `momentum ${momentum}`,
  'change.decaysAll': 'weight decay of all parameters',
  'change.decaysWeights': 'weight decay of weights alone',
  'change.batchSize': ({ size }: { size: number }) => `batch size ${size}`,
  'change.accumulate': ({ batches }: { batches: number }) => `gradient accumulation ${batches}`,
  'change.augmentation': 'image augmentation',
  'change.shuffled': 'shuffled samples',
  'change.inOrder': 'samples in order',
  'change.seed': ({ seed }: { seed: number }) => `seed ${seed}`,
  'change.data': ({ name }: { name: string }) => name,
  'change.all': ({ changes: all }: { changes: readonly string[] }) => all.join(', '),
  'change.restarted': ({ what }: { what: string }) => `Restarted: ${what}.`,
  'change.batchOfAll': ({ asked, count }: { asked: number; count: number }) =>
    `The model file's batch size of ${asked} became ${count}: there are only ${count} training samples.`,
  'change.targetsStandardised': ({ name }: { name: string | null }) => `${name ?? 'targets'}, standardised`,
}
