import type { Epilogue } from '../kernels/epilogue.ts'
import { elements, is, positionsOf, valuesOf, type Graph, type Node, type Value } from './graph.ts'
import { activation, activationDerivative } from './operations/activation.ts'
import { conv2d, conv2dInput } from './operations/convolution.ts'
import { add } from './operations/join.ts'
import { linear, matmul } from './operations/linear.ts'
import { batchNorm, batchNormEvaluate } from './operations/norm.ts'
import { rows } from './operations/rows.ts'

/** Products with weights. */
const isProduct = (node: Node) => is(node, linear) || is(node, conv2d)
/** What an activation follows, and what makes the gradient of one's output. */
const endsForward = (node: Node) => isProduct(node) || is(node, batchNorm) || is(node, batchNormEvaluate) || is(node, add)
const endsBackward = (node: Node) => is(node, matmul) || is(node, conv2dInput) || is(node, add)

/** Storage buffers that a kernel may bind on every adapter. */
const mostBuffers = 8

const epilogueOf = ({ attributes }: Node) => (attributes as { epilogue?: Epilogue }).epilogue

/**
 * Saves passes over memory: an activation goes into the epilogue of the operation before it, an activation's derivative into the one that made
 * ∂L/∂activation. The value in between is stored by the same kernel where `keep` holds it or another node reads it: it becomes the output `kept`.
 */
export function fuse(graph: Graph, keep: ReadonlySet<Value>): void {
  normalizeInProducts(graph, keep)
  const nodes = graph.nodes.slice() // merging takes nodes out
  for (const node of nodes) {
    if (is(node, activation)) {
      const { name, parameter } = node.attributes
      const own = { node, from: node.inputs.x, to: node.outputs.y, epilogue: { activation: name, parameter } }
      finishIn(graph, keep, own, endsForward)
    } else if (is(node, activationDerivative)) {
      const { name, parameter } = node.attributes
      const own = { node, from: node.inputs.dy, to: node.outputs.dx, epilogue: { derivative: name, parameter }, saved: node.inputs.saved }
      finishIn(graph, keep, own, endsBackward)
    }
  }
}

interface Finishing {
  node: Node
  from: Value
  to: Value
  epilogue: Epilogue
  saved?: Value
}

/** Lets the producer of what a node takes finish its sums as the node does, where it can. */
function finishIn(graph: Graph, keep: ReadonlySet<Value>, { node, from, to, epilogue, saved }: Finishing, ends: (node: Node) => boolean) {
  const producer = graph.producer(from)
  if (!producer || !ends(producer)) return
  const before = epilogueOf(producer)
  if (before?.activation ?? before?.derivative) return
  const others = graph.consumers(from).filter((consumer) => consumer !== node)
  // Where nobody but a reader of its first rows asks for the value in between, these are stored where the reader wants them.
  const [reader] = others
  const shown = !keep.has(from) && others.length === 1 && is(reader, rows) ? reader : undefined
  const between = shown?.outputs.copy ?? (keep.has(from) || others.length > 0 ? from : undefined)
  if (between && valuesOf(producer.inputs).length + valuesOf(producer.outputs).length + 1 > mostBuffers) return
  const kept = between && { keep: true, ...(shown && keptOf(from, shown.outputs.copy)) }
  producer.attributes = { ...producer.attributes, epilogue: { ...before, ...epilogue, ...kept } }
  const [first] = Object.keys(producer.outputs)
  producer.outputs = { ...producer.outputs, [first!]: to, ...(between && { kept: between }) }
  if (saved) producer.inputs = { ...producer.inputs, saved }
  if (shown) graph.remove(shown)
  graph.remove(node)
}

/** In evaluation batchNorm is a scale and a shift of each channel: they go into the product before it, where nobody else reads its result. */
function normalizeInProducts(graph: Graph, keep: ReadonlySet<Value>): void {
  for (const node of graph.nodes.slice()) {
    if (!is(node, batchNormEvaluate)) continue
    const { x, weight, bias, runningMean, runningVariance } = node.inputs
    const producer = graph.producer(x)
    if (!producer || !isProduct(producer) || epilogueOf(producer) || keep.has(x) || graph.consumers(x).length > 1) continue
    producer.attributes = { ...producer.attributes, epilogue: { normalize: node.attributes.eps } satisfies Epilogue }
    producer.inputs = { ...producer.inputs, normalize: [runningMean, runningVariance, weight, bias] }
    producer.outputs = node.outputs
    graph.remove(node)
  }
}

/** How much of a value is kept, in the rows of a product and in numbers. */
function keptOf(value: Value, copy: Value) {
  const share = copy.shape[0]! / value.shape[0]!
  return { keptRows: positionsOf(value) * share, kept: elements(value) * share }
}
