/** Experiments beside a run. */
export const experiments = {
  'experiments.run': 'the run',
  'experiments.named': ({ name }: { name: string }) => name,
  'experiments.most': ({ most }: { most: number }) => `${most} experiments run already; remove one to try another`,
}
