import { lossKind } from '../model/catalogue/losses.ts'
import type { ActivationName, LossName } from '../model/types.ts'
import { columnsOf, elements, is, valuesOf, type Graph, type Node, type Value } from './graph.ts'
import { activation, activationDerivative } from './operations/activation.ts'
import { add, concat, slice } from './operations/join.ts'
import { columnSum, linear, matmul } from './operations/linear.ts'
import { loss } from './operations/loss.ts'
import type { NetworkGraph } from './training-graph.ts'

/** Where a parameter begins among all, without padding, and in the arena. */
export interface ParameterPlace {
  path: string
  count: number
  first: number
  arena: number
}

/** A value that can be looked at, and the float at which its `[batch, columns]` begin in the buffer of observed values. */
export interface ObservedPlace {
  value: Value
  first: number
}

export interface StraightLineRequest {
  network: NetworkGraph
  parameters: readonly ParameterPlace[]
  observed: readonly ObservedPlace[]
  loss: LossName
  moments: readonly ('first' | 'second')[]
  /** Numbers of parameters, the first ones, to which weight decay applies. */
  decayed: number
}

/** Whether a node becomes scalar text; a network with any other trains with the ordinary plan. */
export const hasStraightLine = ({ operation }: Node): boolean => straight.has(operation)
const straight = new Set<unknown>([linear, activation, loss, activationDerivative, matmul, columnSum, add, concat, slice])

/**
 * The parts of shaders/smallNetwork.wgsl that depend on the network, by name. One sample's pass through the training graph, forward and backward,
 * is written out number by number: registers have no index.
 */
export function straightLine(request: StraightLineRequest): Record<string, string> {
  const { parameters, moments, decayed } = request
  const count = parameters.reduce((sum, parameter) => sum + parameter.count, 0)
  const each = (line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i)).join('\n')
  const moment = (name: 'first' | 'second', letter: string, line: (letter: string, array: string) => string) =>
    moments.includes(name) ? ` ${line(letter, `${name}Moments`)}` : ''
  const both = (line: (letter: string, array: string) => string) => moment('first', 'm', line) + moment('second', 's', line)
  const pointer = (name: 'first' | 'second', letter: string, i: number) => (moments.includes(name) ? `&${letter}${i}` : '&noMoment')
  return {
    ACTIVATIONS: [...new Set(request.network.graph.nodes.flatMap((node) => activationOf(node) ?? []))].join(','),
    PLACES: places(parameters),
    ZERO: each((i) => `var g${i} = 0.0;`),
    SAMPLE: new Sample(request, true).text(),
    LOOK: [new Sample(request, false).text(), ...request.observed.map(observe)].join('\n'),
    // of lanes that meet in workgroup memory
    KEEP: each((i) => `partials[firstPartial + ${i}u] = g${i};`),
    // of lanes that are one subgroup
    ADD_UP: each((i) => `g${i} = subgroupAdd(g${i});`),
    SHOW_GRADIENTS: parameters
      .map(({ first, count: own, arena }) => lines(own, (i) => `gradients[${arena + i}u] = g${first + i};`))
      .join('\n'),
    SQUARE: each((i) => `squared += g${i} * g${i};`),
    UPDATE: each(
      (i) =>
        `p${i} = update(p${i}, scale * g${i}, ${i < decayed ? 'step.weightDecay' : '0.0'}, ${pointer('first', 'm', i)}, ${pointer('second', 's', i)});`,
    ),
    WRITE: each((i) => `parameters[${i}u] = p${i};${both((letter, array) => `${array}[${i}u] = ${letter}${i};`)}`),
    READ_ALL: each(
      (i) => `var p${i} = parameters[${i}u]; var g${i} = 0.0;${both((letter, array) => `var ${letter}${i} = ${array}[${i}u];`)}`,
    ),
    CLEAR: each((i) => `g${i} = 0.0;`),
    READ_PARAMETERS: each((i) => `let p${i} = parameters[${i}u];`),
  }
}

const lines = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i)).join('\n')

/** The arena pads each tensor: from the last tensor on, what is to be added to a parameter's number. */
function places(parameters: readonly ParameterPlace[]): string {
  const moved = parameters.filter(({ first, arena }) => arena !== first).toReversed()
  return [...moved.map(({ first, arena }) => `if (i >= ${first}u) { return i + ${arena - first}u; }`), 'return i;'].join('\n  ')
}

function observe({ value, first }: ObservedPlace): string {
  const columns = columnsOf(value)
  return lines(columns, (j) => `observed[${first + j}u + sample * ${columns}u] = ${name(value, j)};`)
}

const activationOf = (node: Node): ActivationName | undefined =>
  is(node, activation) || is(node, activationDerivative) ? node.attributes.name : undefined

const name = (value: Value, column: number) => `v${value.id}_${column}`

/** One sample's pass, a scalar a number: v7_2 is column 2 of value 7, p12 a parameter, g12 the sum of its gradient. */
class Sample {
  readonly #request: StraightLineRequest
  readonly #first: Map<string, number>
  readonly #lines: string[] = []
  /** Sums up loss and gradients; else the pass is only looked at, and rows that are padding count 0. */
  readonly #trains: boolean

  constructor(request: StraightLineRequest, trains: boolean) {
    this.#request = request
    this.#trains = trains
    this.#first = new Map(request.parameters.map(({ path, first }) => [path, first]))
  }

  text(): string {
    const { graph, lowered } = this.#request.network
    const factor = this.#trains ? '' : ' * real'
    this.#each(lowered.input, (i) => `sampleValue(at * features + ${i}u, ${i}u, scalingWidth)${factor}`)
    const needed = this.#trains ? neededByTraining(graph) : new Set(graph.nodes)
    for (const node of graph.nodes) if (needed.has(node)) this.#node(node)
    return this.#lines.join('\n')
  }

  #node(node: Node) {
    if (is(node, linear)) {
      const { x, weight, bias } = node.inputs
      return this.#each(node.outputs.y, (j) => {
        const products = terms(columnsOf(x), (i) => `${name(x, i)} * ${this.#parameter(weight, j * columnsOf(x) + i)}`)
        return bias ? `${this.#parameter(bias, j)} + ${products}` : products
      })
    }
    if (is(node, activation)) {
      const { name: own, parameter } = node.attributes
      return this.#each(node.outputs.y, (j) => `${own}Activate(${name(node.inputs.x, j)}, ${decimal(parameter)})`)
    }
    if (is(node, activationDerivative)) {
      const { name: own, parameter } = node.attributes
      const { saved, dy } = node.inputs
      const at = (j: number) => `${own}Derivative(${name(saved, j)}, ${name(saved, j)}, ${decimal(parameter)})`
      return this.#each(node.outputs.dx, (j) => `${name(dy, j)} * ${at(j)}`)
    }
    if (is(node, matmul)) {
      const { a, b } = node.inputs
      const { c } = node.outputs
      if (c.role === 'parameterGradient') return this.#weightGradient(c, a, b)
      return this.#each(c, (i) => terms(columnsOf(a), (j) => `${name(a, j)} * ${this.#parameter(b, j * columnsOf(c) + i)}`))
    }
    if (is(node, columnSum)) return this.#sums(node.outputs.sums[0]!, (j) => name(node.inputs.xs[0]!, j))
    if (is(node, add)) return this.#each(node.outputs.y, (j) => `${name(node.inputs.a, j)} + ${name(node.inputs.b, j)}`)
    if (is(node, concat)) {
      const parts = node.inputs.parts.flatMap((part) => Array.from({ length: columnsOf(part) }, (_, j) => name(part, j)))
      return this.#each(node.outputs.y, (j) => parts[j]!)
    }
    if (is(node, slice)) return this.#each(node.outputs.y, (j) => name(node.inputs.x, node.attributes.first + j))
    if (is(node, loss)) return this.#loss(node.inputs.prediction, node.outputs)
    throw new Error(`${node.operation.name} has no straight-line text`)
  }

  /** ∂L/∂W [out, in] += dyᵀ · x */
  #weightGradient(gradient: Value, dy: Value, x: Value) {
    const inputs = columnsOf(x)
    this.#sums(gradient, (j) => `${name(dy, Math.floor(j / inputs))} * ${name(x, j % inputs)}`)
  }

  #loss(prediction: Value, { gradient, outputGradient }: { gradient: Value; outputGradient?: Value }) {
    const columns = columnsOf(prediction)
    const outputs = Array.from({ length: columns }, (_, j) => name(prediction, j))
    if (lossKind(this.#request.loss).holds === 'softmax') {
      outputs.forEach((output, j) => this.#lines.push(`logits[${j}u] = ${output};`))
      this.#lines.push('let rowResult = crossEntropyRow(0u, columns, targets[at], f32(step.batchCount));')
      if (this.#trains) this.#lines.push('loss += rowResult.x;', 'right += rowResult.y;')
      return this.#each(gradient, (j) => `logitGradients[${j}u]${this.#trains ? '' : ' * real'}`)
    }
    outputs.forEach((_, j) => this.#lines.push(`let t${j} = bitcast<f32>(targets[at * columns + ${j}u]);`))
    if (this.#trains) this.#lines.push(`loss += share * (${terms(columns, (j) => `elementLoss(${outputs[j]}, t${j})`)});`)
    const allRight = outputs.map((output, j) => `elementRight(${output}, t${j}) && !isNan(${output})`).join(' && ')
    if (this.#trains) this.#lines.push(`right += select(0.0, 1.0, ${allRight});`)
    this.#each(gradient, (j) => `share * elementGradient(${outputs[j]}, t${j})`)
    if (outputGradient && !this.#trains) this.#each(outputGradient, (j) => `share * elementOutputGradient(${outputs[j]}, t${j})`)
  }

  #each(value: Value, expression: (column: number) => string) {
    for (let j = 0; j < columnsOf(value); j++) this.#lines.push(`let ${name(value, j)} = ${expression(j)};`)
  }

  #sums(gradient: Value, expression: (element: number) => string) {
    if (!this.#trains) return
    for (let j = 0; j < elements(gradient); j++) this.#lines.push(`g${this.#number(gradient, j)} += ${expression(j)};`)
  }

  #number(value: Value, index: number): number {
    return this.#first.get(value.name)! + index
  }

  #parameter(value: Value, index: number): string {
    return `p${this.#number(value, index)}`
  }
}

/** Without what only those need who look: of a loss that is computed from logits, the outputs and their gradients. */
function neededByTraining({ nodes }: Graph): Set<Node> {
  const needed = new Set<Node>()
  const read = new Set<Value>()
  for (const node of nodes.toReversed()) {
    if (!is(node, loss) && !valuesOf(node.outputs).some((output) => output.role === 'parameterGradient' || read.has(output))) continue
    needed.add(node)
    for (const input of valuesOf(node.inputs)) read.add(input)
  }
  return needed
}

const terms = (count: number, term: (i: number) => string) => Array.from({ length: count }, (_, i) => term(i)).join(' + ')

/** A number of JavaScript in WGSL. */
const decimal = (value: number) => `f32(${value})`
