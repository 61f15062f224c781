/** Optimizers, and other networks, beside each other. */
const memories = (ratio: number): string => {
  if (ratio === 0) return ' with no memory of its own'
  if (!Number.isFinite(ratio)) return ' with memory of its own'
  if (Math.abs(ratio - 1) < 0.02) return ''
  if (Math.abs(ratio - 0.5) < 0.02) return ' at half the memory'
  if (Math.abs(ratio - 2) < 0.02) return ' at twice the memory'
  return ` at ${Number(ratio.toPrecision(2))} times the memory`
}

export const contest = {
  'contest.momentum': 'Momentum',
  'contest.best': ({ name, loss, steps }: { name: string; loss: string; steps: string }) =>
    `${name} reaches a loss of ${loss} in ${steps} steps`,
  'contest.alone': ({ name, loss, steps }: { name: string; loss: string; steps: string }) =>
    `${name} reaches a loss of ${loss} in ${steps} steps; no other has reached it.`,
  'contest.next': ({ name, steps, isTie, memory }: { name: string; steps: string; isTie: boolean; memory: number }) =>
    `${name} ${isTie ? 'is as fast, with' : 'in'} ${steps}${memories(memory)}`,
  'contest.both': ({ best, next }: { best: string; next: string }) => `${best}, ${next}.`,

  'contest.noneReaches': ({ loss }: { loss: string }) => `None reaches a loss of ${loss}.`,
  'contest.picture': ({ data }: { data: string }) => `Training losses side by side, ${data}`,
  'contest.step': 'step',
  'contest.hint': 'Every optimizer trains from the same weights on the same batches, each at the learning rate that its own test suggests.',
  'contest.compareAll': ({ count }: { count: number }) => `Compare ${count} optimizers`,
  'contest.compareTitle': 'Tests the learning rate of each, then trains all side by side from step 0. Undo brings the run back.',
  'contest.testing': ({ name, at, of }: { name: string; at: number; of: number }) => `Testing learning rates of ${name}, ${at} of ${of}`,
  'contest.cancel': 'Cancel',
  'contest.noRate': ({ names }: { names: readonly string[] }) => `Left out, as no rate tested makes the loss fall: ${names.join(', ')}.`,
  'contest.tryBeside': 'Try beside the run',
  'contest.try.choose': 'Try beside …',
  'contest.try.halfRate': 'Half the learning rate',
  'contest.try.doubleRate': 'Twice the learning rate',
  'contest.try.doubleBatch': 'Twice the batch size',
  'contest.try.clip': 'Gradients clipped to norm 1',
  'contest.target': 'To a loss of',
  'contest.table': 'The run and its experiments',
  'contest.chart': 'Training loss of each over the steps',
  'contest.column.name': 'Network',
  'contest.column.rate': 'Rate',
  'contest.column.loss': 'Loss',
  'contest.column.test': 'Test',
  'contest.column.steps': 'Steps',
  'contest.column.stepsTitle': ({ loss }: { loss: string }) => `Steps until the mean of the last five training losses is at most ${loss}`,
  'contest.column.seconds': 'Time',
  'contest.column.secondsTitle': ({ loss }: { loss: string }) =>
    `Time of these steps, to a loss of ${loss}, measured while no other network trains`,
  'contest.column.flops': 'Work',
  'contest.column.flopsTitle': 'Floating-point operations of a step',
  'contest.column.memory': 'Memory',
  'contest.column.memoryTitle': 'What the optimizer keeps beside the parameters',
  'contest.seconds': ({ seconds }: { seconds: string }) => `${seconds} s`,
  'contest.show': ({ name }: { name: string }) => `Show ${name} in 3D`,
  'contest.use': 'Use',
  'contest.useTitle': ({ name }: { name: string }) => `Use ${name} alone; Undo brings the others back`,
  'contest.remove': ({ name }: { name: string }) => `Remove ${name}`,
  'contest.notYet': 'not yet',
  'contest.none': 'Nothing trains beside the run yet.',
  'contest.running': 'Test its learning rate, and compare it with others here.',
}
