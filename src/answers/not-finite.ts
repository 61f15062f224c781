import { readBuffer } from '../gpu/readback.ts'
import { is, type Node, type Value } from '../graph/graph.ts'
import { isMoved, stridesOf } from '../graph/layout.ts'
import { activation, activationDerivative } from '../graph/operations/activation.ts'
import { loss } from '../graph/operations/loss.ts'
import type { Tensor } from '../model/tensor.ts'
import { sourcesOf } from '../train/sources.ts'
import type { Halt, TracedStep } from '../train/traced-step.ts'
import { figure } from '../words/figures.ts'
import { message, type Message } from '../words/say.ts'

/** A number that went into an operation. */
export interface OperationInput {
  /** `x`, `weight`, `dy`, …, and of a parameter its path. */
  name: string
  /** In the tensor, as PyTorch counts. */
  index: number[]
  value: number
}

/** The first number of a run that is not finite, and where it came from. */
export interface NotFinite {
  step: number
  /** `linear`, `matmul`, `conv2d`, `relu`, `crossEntropy`, …; of an update the optimizer; `input`: the data themselves. */
  operation: string
  direction: 'forward' | 'backward' | 'update'
  /** Path of the layer: `layers.4`. */
  layer: string
  /** The parameter whose gradient or update it is. */
  parameter?: string
  /** Which number of the operation's result, in its shape. */
  element: number[]
  value: number
  /** How many numbers of the result are not finite. */
  infinite: number
  nan: number
  /** What the element was computed from: what is not finite first, then the largest. */
  inputs: OperationInput[]
  /** Whether the operation made it of finite numbers. */
  origin: 'made' | 'passedOn'
  sentence: Message
}

/** Inputs that are told at most. */
const mostInputs = 6

/** What stopped a traced step, with the numbers that went into it. Of infinities and NaN in one result the infinite one: it comes first. */
export async function explained(traced: TracedStep, halt: Halt): Promise<NotFinite> {
  traced.again(halt)
  const { infinite, nan } = halt.found
  const at = infinite.count > 0 ? infinite.first : nan.first
  const counts = { infinite: infinite.count, nan: nan.count }
  const told = halt.stage.node
    ? await ofNode(traced, halt, halt.stage.node, at)
    : halt.stage.what === 'gather'
      ? await ofData(traced, halt, at)
      : await ofUpdate(traced, halt, at)
  const found = { step: halt.step, ...told, ...counts }
  return { ...found, sentence: sentenceOf(found) }
}

type Told = Omit<NotFinite, 'step' | 'infinite' | 'nan' | 'sentence'>

async function ofNode(traced: TracedStep, { result }: Halt, node: Node, at: number): Promise<Told> {
  const output = result.value!
  const read = reader(traced)
  const inputs: OperationInput[] = []
  let finite = true
  for (const { inputs: group } of sourcesOf(node, output, at)) {
    const values = await Promise.all(group.map(({ value }) => read(value)))
    const count = group[0]!.elements.length
    const weights = Array.from({ length: count }, (_, i) => weightOf(group.map(({ elements }, k) => values[k]![elements[i]!]!)))
    if (weights.includes(Infinity)) finite = false
    const order = weights.map((_, i) => i).sort((a, b) => weights[b]! - weights[a]!)
    for (const i of order.slice(0, 2))
      group.forEach(({ name, value, elements }, k) =>
        inputs.push({ name: named(name, value), index: indexOf(value, elements[i]!), value: values[k]![elements[i]!]! }),
      )
  }
  const graph = traced.network.graph.nodes
  const turn = graph.findIndex((one) => is(one, loss))
  const isLoss = is(node, loss)
  const forward = isLoss ? result.name === 'rowResult' : graph.indexOf(node) < turn
  const before = isLoss ? traced.network.graph.producer(node.inputs.prediction) : undefined
  return {
    operation: isLoss
      ? node.attributes.name
      : is(node, activation) || is(node, activationDerivative)
        ? node.attributes.name
        : node.operation.name,
    direction: forward ? 'forward' : 'backward',
    layer: (before?.path ?? node.path).replace(/:sum$/, ''),
    ...(output.role === 'parameterGradient' && { parameter: output.name }),
    element: indexOf(output, at),
    value: (await read(output))[at]!,
    inputs: unique(inputs).slice(0, mostInputs),
    origin: finite ? 'made' : 'passedOn',
  }
}

/** The data hold it. */
async function ofData(traced: TracedStep, { result }: Halt, at: number): Promise<Told> {
  const value = (await reader(traced)(result.value!))[at]!
  const element = indexOf(result.value!, at)
  return { operation: result.name, direction: 'forward', layer: 'input', element, value, inputs: [], origin: 'made' }
}

async function ofUpdate(traced: TracedStep, { result, stage }: Halt, at: number): Promise<Told> {
  const { state, device, moment } = traced
  const floats = async (buffer: GPUBuffer, offset: number, size: number) => new Float32Array(await readBuffer(device, buffer, offset, size))
  const operation = stage.what === 'update' ? moment.settings.optimizer.type : stage.what === 'perturb' ? 'perturbation' : 'gradient'
  const value = (await floats(result.slice.buffer, result.slice.offset + 4 * at, 4))[0]!
  if (stage.what === 'norm') {
    const gradients = await floats(state.gradients, 0, state.gradients.size)
    const largest = gradients.reduce((most, own, i) => (Math.abs(own) > Math.abs(gradients[most]!) ? i : most), 0)
    const { path, index } = parameterAt(traced, largest)
    const inputs = [{ name: `∂L/∂${path}`, index, value: gradients[largest]! }]
    return {
      operation: 'gradientNorm',
      direction: 'update',
      layer: layerOf(path),
      parameter: path,
      element: [at],
      value,
      inputs,
      origin: 'made',
    }
  }
  const { path, index } = parameterAt(traced, at)
  const parts: [string, GPUBuffer, number][] = [
    ['parameter', traced.before, 4 * at],
    ['gradient', state.gradients, 4 * at],
    ...Array.from({ length: state.moments }, (_, i): [string, GPUBuffer, number] => [
      `moment${i + 1}`,
      traced.before,
      state.moment(i).offset + 4 * at,
    ]),
  ]
  const inputs = await Promise.all(
    parts.map(async ([name, buffer, offset]) => ({ name, index, value: (await floats(buffer, offset, 4))[0]! })),
  )
  const origin = inputs.every((input) => Number.isFinite(input.value)) ? 'made' : 'passedOn'
  return { operation, direction: 'update', layer: layerOf(path), parameter: path, element: index, value, inputs, origin }
}

const layerOf = (path: string) => path.slice(0, path.lastIndexOf('.'))

/** The parameter at a place of the arena. */
function parameterAt({ state }: TracedStep, at: number): { path: string; index: number[] } {
  const spec = state.specs.find(({ path, trainable }) => {
    const { offset, size } = state.slice(path)
    return trainable && at * 4 >= offset && at * 4 < offset + size
  })
  if (!spec) throw new Error(`no parameter at ${at}`)
  return { path: spec.path, index: indexOf(spec, at - state.slice(spec.path).offset / 4) }
}

/** How much a product weighs: infinite where one of its factors is not finite. */
const weightOf = (factors: readonly number[]): number =>
  factors.every(Number.isFinite) ? Math.min(Number.MAX_VALUE, Math.abs(factors.reduce((product, one) => product * one, 1))) : Infinity

const named = (name: string, value: Value) => (value.role === 'parameter' || value.role === 'statistic' ? value.name : name)

function unique(inputs: readonly OperationInput[]): OperationInput[] {
  const seen = new Set<string>()
  const isBad = ({ value }: OperationInput) => Number(!Number.isFinite(value))
  return inputs
    .toSorted((a, b) => isBad(b) - isBad(a))
    .filter(({ name, index }) => {
      const key = `${name} ${index.join()}`
      return !seen.has(key) && seen.add(key)
    })
}

/** The index of an element, which is given as it lies in memory. */
function indexOf(tensor: Pick<Tensor, 'shape' | 'layout'>, element: number): number[] {
  const strides = isMoved(tensor) ? stridesOf(tensor) : stridesOf({ shape: tensor.shape, layout: 'rows' })
  return tensor.shape.map((length, d) => Math.floor(element / strides[d]!) % length)
}

/** Reads values as the step left them, each once. */
function reader(traced: TracedStep): (value: Value) => Promise<ArrayLike<number>> {
  const known = new Map<Value, Promise<ArrayLike<number>>>()
  return (value) => {
    const found = known.get(value) ?? read(traced, value)
    known.set(value, found)
    return found
  }
}

async function read(traced: TracedStep, value: Value): Promise<ArrayLike<number>> {
  const { buffer, offset, size } = traced.find(value)
  const bytes = await readBuffer(traced.device, buffer, offset, size)
  if (value.dtype === 'f16') return Array.from(new Uint16Array(bytes), halfToNumber)
  return value.dtype === 'i32' ? new Int32Array(bytes) : new Float32Array(bytes)
}

function halfToNumber(bits: number): number {
  const [sign, exponent, rest] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return rest ? NaN : sign * Infinity
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + rest / 1024) : 2 ** -14 * (rest / 1024))
}

function sentenceOf(found: Omit<NotFinite, 'sentence'>): Message {
  const { step, direction, operation, layer, parameter, element, inputs, origin } = found
  const value = String(found.value)
  if (layer === 'input')
    return message('notFinite.data', {
      step,
      sample: element[0]!,
      feature: place(element.slice(1)),
      value,
      target: operation === 'target',
    })
  const from = inputs.map(({ name, index, value }) => `${name}${place(index)} = ${figure(value)}`)
  const facts = {
    step,
    direction,
    operation,
    place: { path: layer },
    parameter: parameter ?? '',
    element: place(element),
    value,
    inputs: from,
  }
  return message(origin === 'made' ? 'notFinite.made' : 'notFinite.passedOn', facts)
}

const place = (index: readonly number[]): string => `[${index.join(', ')}]`
