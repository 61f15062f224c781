import type { Epilogue } from '../kernels/epilogue.ts'
import type { Graph, Node, Value } from './graph.ts'

/**
 * Where evaluation, after fusion, differs from the training step of the same batch only in that training also stores what stood before an activation,
 * evaluation stores it as well, where nobody reads it: it then runs the very kernels that were tuned and compiled for training.
 */
export function storeAlike(evaluation: Graph, training: Graph): void {
  if (evaluation.batch !== training.batch) return
  for (const node of evaluation.nodes) {
    const epilogue = epilogueOf(node)
    const twin = training.nodes.find(
      (other) => other.operation === node.operation && other.path === node.path && isAllButKept(epilogue, epilogueOf(other)),
    )
    if (!twin) continue
    const kept = twin.outputs['kept'] as Value
    const role = kept.role === 'persistent' ? 'activation' : kept.role
    node.attributes = { ...node.attributes, epilogue: epilogueOf(twin) }
    node.outputs = { ...node.outputs, kept: evaluation.value(role, kept.name, kept) }
  }
}

const epilogueOf = ({ attributes }: Node) => (attributes as { epilogue?: Epilogue }).epilogue

function isAllButKept(own: Epilogue | undefined, twin: Epilogue | undefined): boolean {
  if (!own || own.keep || !twin?.keep) return false
  const { keep, keptRows, kept, ...rest } = twin as Epilogue & { kept?: number }
  return JSON.stringify(own) === JSON.stringify(rest)
}
