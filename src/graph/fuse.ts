import type { ActivationName } from '../model/types.ts'
import { elements, positionsOf, type Graph, type Value } from './graph.ts'

/** What an activation follows, and what makes the gradient of one's output. */
const forward = new Set(['linear', 'conv2d', 'batchNorm', 'batchNormEvaluate', 'add'])
const backward = new Set(['matmul', 'conv2dInput', 'add'])

/**
 * Saves passes over memory: an activation goes into the epilogue of the operation before it, an activation's derivative into the one that made
 * ∂L/∂activation. The value in between is stored by the same kernel where `keep` holds it or another node reads it: it becomes the last output.
 */
export function fuse(graph: Graph, keep: ReadonlySet<Value>): void {
  const nodes = graph.nodes.slice() // merging takes nodes out
  for (const node of nodes) {
    if (node.op !== 'activation' && node.op !== 'activationDerivative') continue
    const { name, parameter } = node.attributes as { name: ActivationName; parameter: number }
    const isForward = node.op === 'activation'
    const from = node.inputs[isForward ? 0 : 1]!
    const producer = graph.producer(from)
    if (!producer || !(isForward ? forward : backward).has(producer.op) || producer.attributes['epilogue']) continue
    const others = graph.consumers(from).filter((consumer) => consumer !== node)
    // Where nobody but a reader of its first rows asks for the value in between, these are stored where the reader wants them.
    const shown = !keep.has(from) && others.length === 1 && others[0]!.op === 'rows' ? others[0]! : undefined
    const between = shown?.outputs[0] ?? (keep.has(from) || others.length > 0 ? from : undefined)
    const kept = between && { keep: true, ...(shown && keptOf(from, shown.outputs[0]!)) }
    producer.attributes = {
      ...producer.attributes,
      epilogue: { ...(isForward ? { activation: name } : { derivative: name }), parameter, ...kept },
    }
    producer.outputs = [node.outputs[0]!, ...producer.outputs.slice(1), ...(between ? [between] : [])]
    if (shown) graph.remove(shown)
    if (!isForward) producer.inputs = [...producer.inputs, node.inputs[0]!]
    graph.remove(node)
  }
}

/** How much of a value is kept, in the rows of a product and in numbers. */
function keptOf(value: Value, rows: Value) {
  const share = rows.shape[0]! / value.shape[0]!
  return { keptRows: positionsOf(value) * share, kept: elements(value) * share }
}
