/** What a run, its measurement and its picture cannot do, and what is wrong with the options of their calls. */
import { counted, listed } from './parts.ts'

const allowed = 'what this adapter allows in one buffer'

export const run = {
  'limits.parameters': ({ where, shape, bytes, all, limit }: { where: string; shape: string; bytes: string; all: string; limit: string }) =>
    `${where} of ${shape} takes ${bytes}, and all parameters with their optimizer state ${all}, expected at most ${limit}, ${allowed}`,
  'limits.input': 'the input',
  'limits.activations': ({ where, shape, bytes, limit }: { where: string; shape: string; bytes: string; limit: string }) =>
    `${where} makes ${shape} numbers for a batch, ${bytes}, expected at most ${limit}, ${allowed}`,
  'limits.batch': ({
    where,
    size,
    layer,
    shape,
    bytes,
    limit,
    fitting,
  }: {
    where: string
    size: number
    layer: string
    shape: string
    bytes: string
    limit: string
    fitting: number
  }) => {
    const way = fitting > 0 ? `a ${where} of ${fitting} fits` : 'not even a batch of 1 fits'
    return `${where} is ${size}, but ${layer} makes ${shape} numbers for a batch, ${bytes}, expected at most ${limit}, ${allowed}: ${way}`
  },
  'limits.memory': ({
    where,
    size,
    bytes,
    half,
    halfBytes,
  }: {
    where: string
    size: number
    bytes: string
    half: number
    halfBytes: string
  }) => {
    const less = half > 0 ? `; a ${where} of ${half} needs ${halfBytes}` : ''
    return `${where} is ${size}, whose activations need ${bytes} at once, more than this adapter has left${less}`
  },
  'small.accumulates': 'its steps add up several batches',
  'small.augments': 'its images are moved at random',
  'small.operation': ({ operation, path }: { operation: string; path: string }) => `its ${operation} at ${path} needs kernels of its own`,
  'small.parameters': ({ count, most }: { count: number; most: number }) =>
    `it has ${counted(count, 'parameter')}, and a workgroup takes ${most}`,
  'small.work': ({ samples }: { samples: number }) => `${samples} samples a step are work for more than a workgroup`,
  'small.data': 'its data lie in more than one buffer',
  'small.ordinary': 'the ordinary plan was asked for',
  'small.noVariant': 'no variant of its kernel is right on this adapter',
  'run.notSmall': ({ why }: { why: string }) => `this network does not train in one workgroup: ${why}`,
  'run.running': 'this trainer is running already; pause it first',
  'run.noTrainer': 'no trainer is given, expected at least one',
  'run.noLayer': ({ where, layers }: { where: string; layers: readonly string[] }) => `no layer ${where}; there are ${listed(layers)}`,
  'run.notKept': ({ where, kept }: { where: string; kept: readonly string[] }) =>
    `${where} shares its memory with others in a network of this size; kept are ${listed(kept)}`,
  'run.noParameter': ({ where, parameters }: { where: string; parameters: readonly string[] }) =>
    `no parameter named ${where}; there are ${listed(parameters)}`,
  'run.parameterSize': ({ where, found, expected }: { where: string; found: number; expected: number }) =>
    `parameter ${where}: ${counted(found, 'number')} given, ${expected} expected`,
  'run.predict': ({ found, features }: { found: number; features: number }) =>
    `${counted(found, 'number')} given, which is no multiple of the network's ${counted(features, 'input')}`,
  'run.noTrainPart': 'the data has no train part',
  'run.noTestPart': 'the data has no test part',
  'run.noHalf': ({ adapter }: { adapter: string }) => `mixed precision needs an adapter with f16 in shaders, which ${adapter} has not got`,
  'run.smallHalf': 'mixed is for the ordinary plan: the small one keeps all in registers, in single precision',
  'run.batchSize': ({ where, found, most }: { where: string; found: number; most: number }) =>
    `${where} is ${found}, expected at most ${most}, the training samples there are`,
  'expected.orEndless': ({ expected }: { expected: string }) => `${expected}, or nothing for no end`,
  'expected.orAuto': ({ expected }: { expected: string }) => `${expected}, or auto`,
  'set.needsNew': ({ where, now, next }: { where: string; now: string; next: string }) =>
    `${where} is ${now}, and ${next} needs a new trainer`,
  'set.momentum': ({ had, momentum }: { had: boolean; momentum: number }) =>
    `the optimizer was made ${had ? 'with' : 'without'} momentum, and momentum ${momentum} needs a new trainer`,
  'sweep.nothing': 'no variation is given, expected one for each network',
  'sweep.length': 'neither steps nor epochs is given, expected one of them',
  'sweep.losses': ({ steps, networks, most }: { steps: number; networks: number; most: number }) =>
    `${steps} steps of ${networks} networks are more losses than the ${most} that one call can return`,
  'sweep.plateau': 'a plateau schedule follows evaluations, and a sweep makes none: expected another schedule',
  'sweep.noVariant': 'no variant of the kernel for small networks is right on this adapter',
  'sweep.fixed': ({ where, choices }: { where: string; choices: readonly string[] }) =>
    `${where} does not vary, only ${listed(choices)} do`,
  'state.format': ({ where, found, expected }: { where: string; found: string; expected: string }) =>
    `${where} is ${found}, expected ${expected}, a saved run`,
  'state.missing': ({ where }: { where: string }) => `its ${where} is missing, expected that of a saved run`,
  'state.notJson': ({ where }: { where: string }) => `its ${where} is no JSON, expected that of a saved run`,
  'state.network': 'it is of another network than the model that is given, expected the same input and layers',
  'state.data': ({ where, saved, data, found }: { where: string; saved: string; data: string; found: string }) =>
    `it was trained on data of ${where} ${saved}, and ${data} has ${found}`,
  'state.setting': ({ where, saved, asked }: { where: string; saved: string; asked: string }) =>
    `it was saved with ${where} ${saved}, which ${asked} does not continue`,
  'state.parameters': 'it has parameters of its own, expected no others beside it',
  'restore.none': 'expected a snapshot that this trainer has taken',
  'restore.other': ({ step }: { step: number }) => `this snapshot of step ${step} is another trainer's`,
  'restore.destroyed': ({ step }: { step: number }) => `this snapshot of step ${step} was destroyed`,
  'inspect.percentiles': ({ low, high }: { low: number; high: number }) => `low is ${low} and high ${high}, expected 0 ≤ low ≤ high ≤ 1`,
  'inspect.nodes': ({ where, shape, from, to, isImages }: { where: string; shape: string; from: number; to: number; isImages: boolean }) =>
    `the tensor of ${where} has shape ${shape}, but its columns have ${from} and ${to} ${isImages ? 'channels' : 'neurons'}`,
  'inspect.buffers': ({ where, first }: { where: string; first: string }) =>
    `the tensor of ${where} lies in another buffer than that of ${first}, expected all of a kind in one buffer`,
  'view.rows': ({ where, shape, strides, width }: { where: string; shape: string; strides: string; width: number }) =>
    `the values of ${where} have shape ${shape} and strides ${strides}, expected rows of ${width} numbers side by side`,
}
