import type { Kernel } from '../gpu/kernel.ts'
import type { Problem } from '../kernels/problem.ts'

/**
 * What a value is, which decides where it lies:
 * `parameter`, `statistic` in the state arena; `parameterGradient` in the gradient arena;
 * `activation` and `saved` in slots by lifetime; `persistent` in a slot of its own, from step to step.
 */
export type ValueRole = 'activation' | 'saved' | 'persistent' | 'parameter' | 'statistic' | 'parameterGradient'

export interface Value {
  readonly id: number
  readonly role: ValueRole
  readonly name: string
  /** `[batch, features]` or `[batch, channels, height, width]` for activations; how it lies in memory: layout.ts. */
  readonly shape: readonly number[]
  /** Of 2 bytes an element instead of 4. */
  readonly half: boolean
}

/** One operation of the graph: data only, so that passes can match and rewrite it. */
export interface Node {
  op: string
  /** Path of the layer it belongs to, for labels and errors. */
  path: string
  inputs: Value[]
  outputs: Value[]
  attributes: Record<string, unknown>
}

/** One dispatch with the values it binds, in the order of `kernel.access`. */
export interface Call {
  kernel: Kernel
  values: Value[]
  /** Only somebody who looks at the step needs it. */
  shows?: boolean
}

/** Says which kernel solves a problem; the tuner's answer, or the plain one. */
export type Choose = (problem: Problem) => Kernel

/** Where the differentiation of one node finds and leaves its gradients. */
export interface DerivativeContext {
  graph: Graph
  node: Node
  /** Gradients of the node's first output. */
  outputGradient: Value
  /** Hands the gradient of one of the node's inputs to its producer; several are summed. */
  give(input: Value, gradient: Value): void
  /** Whether anything wants this input's gradient. */
  needs(input: Value): boolean
}

/** Everything about an operation in one place: shape rule, kernels and derivative. */
export interface Operation {
  /** Shapes of the outputs. */
  shapes(inputs: readonly Value[], attributes: Record<string, unknown>): readonly (readonly number[])[]
  kernels(node: Node, choose: Choose): Call[]
  /**
   * Floating-point operations of its kernels: additions, multiplications, comparisons, divisions and elementary functions count as one each, a multiply-add
   * as two. Moving numbers, drawing random ones and finding their places are no work.
   */
  flops(node: Node): number
  derivative?(context: DerivativeContext): void
}

/** A DAG with static shapes, in the order of execution. */
export class Graph {
  readonly nodes: Node[] = []
  readonly batch: number
  readonly training: boolean
  #values = 0
  #operations: Readonly<Record<string, Operation>>

  constructor(operations: Readonly<Record<string, Operation>>, batch: number, training: boolean) {
    this.#operations = operations
    this.batch = batch
    this.training = training
  }

  value(role: ValueRole, name: string, shape: readonly number[], { half = false } = {}): Value {
    return { id: this.#values++, role, name, shape, half }
  }

  /** Appends an operation and returns its outputs; their roles are `activation` unless given. */
  add(op: string, path: string, inputs: Value[], attributes: Record<string, unknown> = {}, outputs?: Value[]): Value[] {
    const operation = this.operation(op)
    const made =
      outputs ??
      operation.shapes(inputs, attributes).map((shape, i) => this.value(i ? 'saved' : 'activation', `${path}:${op}${i || ''}`, shape))
    this.nodes.push({ op, path, inputs, outputs: made, attributes })
    return made
  }

  /** Throws where the node is not in the graph. */
  remove(node: Node) {
    const at = this.nodes.indexOf(node)
    if (at < 0) throw new Error(`${node.op} at ${node.path} is not in the graph`)
    this.nodes.splice(at, 1)
  }

  /** The value that holds a parameter's gradient in the gradient arena. */
  gradientOf(parameter: Value): Value {
    if (parameter.role !== 'parameter') throw new Error(`${parameter.name} is no parameter`)
    return this.value('parameterGradient', parameter.name, parameter.shape)
  }

  operation(name: string): Operation {
    const operation = this.#operations[name]
    if (!operation) throw new Error(`no operation named ${name}`)
    return operation
  }

  consumers(value: Value): Node[] {
    return this.nodes.filter((node) => node.inputs.includes(value))
  }

  producer(value: Value): Node | undefined {
    return this.nodes.find((node) => node.outputs.includes(value))
  }
}

export const elements = (value: Value) => value.shape.reduce((product, n) => product * n, 1)
/** Whole words. */
export const bytesOf = (value: Value) => (value.half ? Math.ceil(elements(value) / 2) * 4 : elements(value) * 4)
export const rowsOf = (value: Value) => value.shape[0] ?? 1
export const columnsOf = (value: Value) => elements(value) / rowsOf(value)
/** Channels of images, features of rows: what lies together in memory. */
export const channelsOf = (value: Value) => (isImages(value) ? value.shape[1]! : columnsOf(value))
/** Positions of all images, or rows. */
export const positionsOf = (value: Value) => elements(value) / channelsOf(value)
/** `[batch, channels, height, width]`. */
export const isImages = (value: Value) => value.shape.length === 4
