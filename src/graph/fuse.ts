import type { Epilogue } from '../kernels/epilogue.ts'
import type { ActivationName } from '../model/types.ts'
import { elements, positionsOf, type Graph, type Value } from './graph.ts'

/** Products with weights. */
const products = new Set(['linear', 'conv2d'])
/** What an activation follows, and what makes the gradient of one's output. */
const forward = new Set([...products, 'batchNorm', 'batchNormEvaluate', 'add'])
const backward = new Set(['matmul', 'conv2dInput', 'add'])

/** Storage buffers that a kernel may bind on every adapter. */
const mostBuffers = 8

/**
 * Saves passes over memory: an activation goes into the epilogue of the operation before it, an activation's derivative into the one that made
 * ∂L/∂activation. The value in between is stored by the same kernel where `keep` holds it or another node reads it: it becomes the last output.
 */
export function fuse(graph: Graph, keep: ReadonlySet<Value>): void {
  normalizeInProducts(graph, keep)
  const nodes = graph.nodes.slice() // merging takes nodes out
  for (const node of nodes) {
    if (node.op !== 'activation' && node.op !== 'activationDerivative') continue
    const { name, parameter } = node.attributes as { name: ActivationName; parameter: number }
    const isForward = node.op === 'activation'
    const from = node.inputs[isForward ? 0 : 1]!
    const producer = graph.producer(from)
    if (!producer || !(isForward ? forward : backward).has(producer.op)) continue
    const before = producer.attributes['epilogue'] as Epilogue | undefined
    if (before?.activation ?? before?.derivative) continue
    const others = graph.consumers(from).filter((consumer) => consumer !== node)
    // Where nobody but a reader of its first rows asks for the value in between, these are stored where the reader wants them.
    const shown = !keep.has(from) && others.length === 1 && others[0]!.op === 'rows' ? others[0]! : undefined
    const between = shown?.outputs[0] ?? (keep.has(from) || others.length > 0 ? from : undefined)
    if (between && producer.inputs.length + producer.outputs.length + 1 > mostBuffers) continue
    const kept = between && { keep: true, ...(shown && keptOf(from, shown.outputs[0]!)) }
    producer.attributes = {
      ...producer.attributes,
      epilogue: { ...before, ...(isForward ? { activation: name } : { derivative: name }), parameter, ...kept },
    }
    producer.outputs = [node.outputs[0]!, ...producer.outputs.slice(1), ...(between ? [between] : [])]
    if (shown) graph.remove(shown)
    if (!isForward) producer.inputs = [...producer.inputs, node.inputs[0]!]
    graph.remove(node)
  }
}

/** In evaluation batchNorm is a scale and a shift of each channel: they go into the product before it, where nobody else reads its result. */
function normalizeInProducts(graph: Graph, keep: ReadonlySet<Value>): void {
  for (const node of graph.nodes.slice()) {
    if (node.op !== 'batchNormEvaluate') continue
    const [from, weight, bias, mean, variance] = node.inputs as [Value, Value, Value, Value, Value]
    const producer = graph.producer(from)
    if (!producer || !products.has(producer.op) || producer.attributes['epilogue'] || keep.has(from) || graph.consumers(from).length > 1)
      continue
    producer.attributes = { ...producer.attributes, epilogue: { normalize: node.attributes['eps'] as number } satisfies Epilogue }
    producer.inputs = [...producer.inputs, mean, variance, weight, bias]
    producer.outputs = node.outputs
    graph.remove(node)
  }
}

/** How much of a value is kept, in the rows of a product and in numbers. */
function keptOf(value: Value, rows: Value) {
  const share = rows.shape[0]! / value.shape[0]!
  return { keptRows: positionsOf(value) * share, kept: elements(value) * share }
}
