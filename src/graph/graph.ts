import type { Kernel } from '../gpu/kernel.ts'
import type { Problem } from '../kernels/problem.ts'
import type { Tensor } from '../model/tensor.ts'

/**
 * What a value is, which decides where it lies:
 * `parameter`, `statistic` in the state arena; `parameterGradient` in the gradient arena;
 * `activation` and `saved` in slots by lifetime; `persistent` in a slot of its own, from step to step.
 */
export type ValueRole = 'activation' | 'saved' | 'persistent' | 'parameter' | 'statistic' | 'parameterGradient'

/** Of activations the shape begins with the batch: `[batch, features]`, `[batch, channels, height, width]`. */
export interface Value extends Tensor {
  readonly id: number
  readonly role: ValueRole
  readonly name: string
}

/** A shape with what differs from single precision in row-major order. */
export type Shaped = Pick<Tensor, 'shape'> & Partial<Tensor>

/** The inputs or outputs of an operation by name; a list where their number varies, nothing where one is left out. */
export type Slots = Readonly<Record<string, Value | readonly Value[] | undefined>>

/** All values of some slots, in order. */
export const valuesOf = (slots: Slots): Value[] => Object.values(slots).flatMap((slot) => slot ?? [])

/** The same slots with other values. */
export const mapSlots = <S extends Slots>(slots: S, map: (value: Value) => Value): S =>
  Object.fromEntries(Object.entries(slots).map(([name, slot]) => [name, isList(slot) ? slot.map(map) : slot && map(slot)])) as unknown as S
const isList = (slot: Slots[string]): slot is readonly Value[] => Array.isArray(slot)

/** One dispatch with the values it binds, in the order of `kernel.access`. */
export interface Call {
  kernel: Kernel
  values: Value[]
  /** Only somebody who looks at the step needs it. */
  shows?: boolean
}

/** Says which kernel solves a problem; the tuner's answer, or the plain one. */
export type Choose = (problem: Problem) => Kernel

/** What an operation is told of one of its nodes. */
export interface Use<Attributes, Inputs extends Slots, Outputs extends Slots> {
  /** Path of the layer it belongs to, for labels and errors. */
  path: string
  inputs: Inputs
  outputs: Outputs
  attributes: Attributes
}

/** Where the differentiation of one node finds and leaves its gradients. */
export interface DerivativeContext<Attributes, Inputs extends Slots, Outputs extends Slots> extends Use<Attributes, Inputs, Outputs> {
  graph: Graph
  /** The gradient of the output `y`. */
  dy: Value
  /** Hands the gradient of one of the node's inputs to its producer; several are summed. */
  give(input: Value, gradient: Value): void
  /** Whether anything wants this input's gradient. */
  needs(input: Value): boolean
}

/** Everything about an operation in one place: shape rule, kernels, work and derivative. */
export interface Operation<Attributes, Inputs extends Slots, Outputs extends Slots> {
  name: string
  /** Of the outputs that it makes by itself; those that a caller gives are not asked for. */
  shapes(inputs: Inputs, attributes: Attributes): { [Name in keyof Outputs]?: Shaped }
  kernels(use: Use<Attributes, Inputs, Outputs>, choose: Choose): Call[]
  /**
   * Floating-point operations of its kernels: additions, multiplications, comparisons, divisions and elementary functions count as one each, a
   * multiply-add as two. Moving numbers, drawing random ones and finding their places are no work.
   */
  flops(use: Use<Attributes, Inputs, Outputs>): number
  /** Of the output `y`. */
  derivative?(context: DerivativeContext<Attributes, Inputs, Outputs>): void
}

export const defineOperation = <Attributes, Inputs extends Slots, Outputs extends Slots>(
  operation: Operation<Attributes, Inputs, Outputs>,
): Operation<Attributes, Inputs, Outputs> => operation

// A node's own parts are known where its operation is (`is`); the graph hands them to that operation alone.
type AnyOperation = Operation<never, never, never>

/** One operation of the graph: data only, so that passes can match and rewrite it. */
export interface Node {
  readonly operation: AnyOperation
  path: string
  inputs: Slots
  outputs: Slots
  attributes: object
}
type TypedNode<Attributes, Inputs extends Slots, Outputs extends Slots> = Omit<Node, 'inputs' | 'outputs' | 'attributes'> & {
  inputs: Inputs
  outputs: Outputs
  attributes: Attributes
}

/** Whether a node is of this operation, and so has its inputs, outputs and attributes. */
export const is = <Attributes, Inputs extends Slots, Outputs extends Slots>(
  node: Node | undefined,
  operation: Operation<Attributes, Inputs, Outputs>,
): node is Node & TypedNode<Attributes, Inputs, Outputs> => node?.operation === (operation as unknown as AnyOperation)

export const callsOf = (node: Node, choose: Choose): Call[] => node.operation.kernels(node as never, choose)
export const flopsOf = (node: Node): number => node.operation.flops(node as never)

/** Leaves the gradients of a node's inputs, where it has a derivative. */
export const derive = (node: Node, context: Pick<DerivativeContext<never, never, never>, 'graph' | 'dy' | 'give' | 'needs'>): void =>
  node.operation.derivative?.({ ...node, ...context } as never)

/** A DAG with static shapes, in the order of execution. */
export class Graph {
  readonly nodes: Node[] = []
  readonly batch: number
  readonly training: boolean
  #values = 0

  constructor(batch: number, training: boolean) {
    this.batch = batch
    this.training = training
  }

  value(role: ValueRole, name: string, { shape, dtype = 'f32', layout = 'rows' }: Shaped): Value {
    return { id: this.#values++, role, name, shape, dtype, layout }
  }

  /** Appends an operation and returns its outputs: those given, and the others by its shape rule, the first of which is an activation and the rest are saved. */
  add<Attributes extends object, Inputs extends Slots, Outputs extends Slots>(
    operation: Operation<Attributes, Inputs, Outputs>,
    path: string,
    inputs: Inputs,
    attributes: Attributes,
    given: Partial<Outputs> = {},
  ): Outputs {
    const shaped = Object.entries(operation.shapes(inputs, attributes)) as [string, Shaped | undefined][]
    const made = shaped
      .filter(([name, shape]) => shape && !Object.hasOwn(given, name))
      .map(([name, shape], i) => [name, this.value(i ? 'saved' : 'activation', `${path}:${operation.name}${i || ''}`, shape!)])
    const outputs = { ...Object.fromEntries(made), ...given } as unknown as Outputs
    this.nodes.push({ operation: operation as unknown as AnyOperation, path, inputs, outputs, attributes })
    return outputs
  }

  /** Throws where the node is not in the graph. */
  remove(node: Node) {
    const at = this.nodes.indexOf(node)
    if (at < 0) throw new Error(`${node.operation.name} at ${node.path} is not in the graph`)
    this.nodes.splice(at, 1)
  }

  /** The value that holds a parameter's gradient in the gradient arena. */
  gradientOf(parameter: Value): Value {
    if (parameter.role !== 'parameter') throw new Error(`${parameter.name} is no parameter`)
    return this.value('parameterGradient', parameter.name, parameter)
  }

  consumers(value: Value): Node[] {
    return this.nodes.filter((node) => valuesOf(node.inputs).includes(value))
  }

  producer(value: Value): Node | undefined {
    return this.nodes.find((node) => valuesOf(node.outputs).includes(value))
  }
}

export const elements = ({ shape }: Pick<Tensor, 'shape'>) => shape.reduce((product, n) => product * n, 1)
/** Whole words. */
export const bytesOf = (value: Value) => (value.dtype === 'f16' ? Math.ceil(elements(value) / 2) * 4 : elements(value) * 4)
export const rowsOf = ({ shape }: Pick<Tensor, 'shape'>) => shape[0] ?? 1
export const columnsOf = (value: Pick<Tensor, 'shape'>) => elements(value) / rowsOf(value)
/** Whether channels lie together in memory, `[batch, channels, height, width]`. */
export const isImages = ({ layout }: Pick<Tensor, 'layout'>) => layout === 'images'
/** Channels of images, features of rows: what lies together in memory. */
export const channelsOf = (value: Pick<Tensor, 'shape' | 'layout'>) => (isImages(value) ? value.shape[1]! : columnsOf(value))
/** Positions of all images, or rows. */
export const positionsOf = (value: Pick<Tensor, 'shape' | 'layout'>) => elements(value) / channelsOf(value)
