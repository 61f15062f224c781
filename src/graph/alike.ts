import type { Epilogue } from '../kernels/epilogue.ts'
import type { Graph, Node } from './graph.ts'

/**
 * Where evaluation, after fusion, differs from the training step of the same batch only in that training also stores what stood before an activation,
 * evaluation stores it as well, where nobody reads it: it then runs the very kernels that were tuned and compiled for training.
 */
export function storeAlike(evaluation: Graph, training: Graph): void {
  if (evaluation.batch !== training.batch) return
  for (const node of evaluation.nodes) {
    const epilogue = epilogueOf(node)
    const twin = training.nodes.find(
      (other) => other.op === node.op && other.path === node.path && isAllButKept(epilogue, epilogueOf(other)),
    )
    if (!twin) continue
    const { role, name, shape } = twin.outputs.at(-1)!
    node.attributes = { ...node.attributes, epilogue: epilogueOf(twin) }
    node.outputs = [...node.outputs, evaluation.value(role === 'persistent' ? 'activation' : role, name, shape)]
  }
}

const epilogueOf = ({ attributes }: Node) => attributes['epilogue'] as Epilogue | undefined

function isAllButKept(own: Epilogue | undefined, twin: Epilogue | undefined): boolean {
  if (!own || own.keep || !twin?.keep) return false
  const { keep, keptRows, kept, ...rest } = twin as Epilogue & { kept?: number }
  return JSON.stringify(own) === JSON.stringify(rest)
}
