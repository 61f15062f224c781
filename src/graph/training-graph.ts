import { anatomyOf, type Anatomy } from '../model/anatomy.ts'
import { lossKind } from '../model/catalogue/losses.ts'
import { holdsSigmoid } from '../kernels/loss.ts'
import type { LossName, Network } from '../model/types.ts'
import { differentiate } from './differentiate.ts'
import { joinForks } from './fork.ts'
import { columnsOf, Graph, type Value } from './graph.ts'
import { logitsOf } from './logits.ts'
import { lower, type Lowered } from './lower.ts'
import { loss as lossOperation, lossValue } from './operations/loss.ts'

export interface NetworkGraph {
  graph: Graph
  lowered: Lowered
  /** What a picture shows of it. */
  anatomy: Anatomy
  target: Value
  /** `[batch, 2]`: each row's share of the loss, and 1 where the row is right. */
  rowResult: Value
  /** ∂L/∂value for every activation that has one, forks included; empty for evaluation. */
  gradients: Map<Value, Value>
}

/** Forward, loss and derivatives of one batch. */
export function trainingGraph(network: Network, loss: LossName, batch: number): NetworkGraph {
  const graph = new Graph(batch, true)
  const { lowered, target, prediction } = begin(graph, network, loss)
  const forward = graph.nodes.length
  const { gradient, rowResult, outputGradient } = graph.add(lossOperation, 'loss', { prediction, target }, { name: loss })
  const lossNode = graph.nodes.splice(forward, 1)[0]!
  const gradients = differentiate(graph, [[prediction, gradient], ...(outputGradient ? [[lowered.output, outputGradient] as const] : [])])
  graph.nodes.splice(forward, 0, lossNode)
  joinForks(graph, lowered)
  return { graph, lowered, anatomy: anatomyOf(network), target, rowResult, gradients }
}

/** What the picture and the trainer's callers look at after a step: every layer's output, its gradient, and what arrives through each branch. */
export function observedValues({ lowered, gradients }: NetworkGraph): Set<Value> {
  const outputs = [...lowered.outputs.values()]
  const forks = [...lowered.branchInputs.values()]
  return new Set([...outputs, ...[...outputs, ...forks].flatMap((value) => gradients.get(value) ?? [])])
}

/** Forward and loss in evaluation mode: running statistics, no dropout, no derivatives. */
export function evaluationGraph(network: Network, loss: LossName, batch: number): NetworkGraph {
  const graph = new Graph(batch, false)
  const { lowered, target, prediction } = begin(graph, network, loss)
  const { rowResult } = graph.add(lossValue, 'loss', { prediction, target }, { name: loss })
  joinForks(graph, lowered)
  return { graph, lowered, anatomy: anatomyOf(network), target, rowResult, gradients: new Map() }
}

function begin(graph: Graph, network: Network, loss: LossName) {
  const lowered = lower(network, graph)
  // Classes by their numbers, or a number for each output.
  const target = graph.value(
    'activation',
    'target',
    lossKind(loss).holds === 'softmax' ? { shape: [graph.batch], dtype: 'i32' } : { shape: [graph.batch, columnsOf(lowered.output)] },
  )
  return { lowered, target, prediction: holdsSigmoid(loss) ? logitsOf(graph, lowered.output) : lowered.output }
}
