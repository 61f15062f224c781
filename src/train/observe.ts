import type { Slice } from '../gpu/kernel.ts'
import { elements, type Value } from '../graph/graph.ts'
import { stridesOf } from '../graph/layout.ts'
import type { Observation, ObservedColumn, ObservedParameter, TensorView } from '../graph/observation.ts'
import type { State } from '../graph/state.ts'
import type { Programs } from './programs.ts'

/** A tensor of `shape` in a slice, as the engine lays it out. */
export function tensorView(slice: Slice, shape: readonly number[], dtype: TensorView['dtype'] = 'f32'): TensorView {
  return { ...slice, shape: [...shape], strides: stridesOf(shape), dtype }
}

/** Where a step leaves what the picture shows; `step` is filled in by the trainer. */
export function observationOf({ training }: Programs, state: State): Omit<Observation, 'step'> {
  const { lowered, gradients, graph } = training.graph
  const rows = training.shownRows
  // The picture takes neurons in the order in which they lie, images' too.
  const activation = (value: Value) => {
    const found = training.find(value)
    if (!found) throw new Error(`${value.name} is in the picture, but nothing of it is kept`)
    return tensorView(found.slice, [rows, elements(value) / graph.batch])
  }
  const parameter = ({ name, shape }: Value) => tensorView(state.slice(name), shape)
  const gradient = ({ name, shape }: Value) => tensorView(state.gradient(name), shape)
  const columns = lowered.columns.map(({ path, label, value, bias, after }): ObservedColumn => {
    const dValue = gradients.get(value)
    return {
      path,
      label,
      width: elements(value) / graph.batch,
      shape: value.shape.slice(1),
      ...(after !== undefined ? { after } : {}),
      activation: activation(value),
      ...(dValue ? { gradient: activation(dValue) } : {}),
      ...(bias ? { bias: parameter(bias), biasGradient: gradient(bias) } : {}),
    }
  })
  const blocks = lowered.blocks.map(({ from, to, weight, groups }) => ({
    path: weight.name,
    from,
    to,
    weight: parameter(weight),
    gradient: gradient(weight),
    ...(groups !== undefined ? { groups } : {}),
  }))
  const containers = lowered.containers.map(({ branches, ...container }) => ({
    ...container,
    branches: branches.map(({ path, isBypass, input }) => {
      const arrival = gradients.get(input)
      return { path, isBypass, ...(arrival ? { arrival: activation(arrival) } : {}) }
    }),
  }))
  const parameters = state.specs
    .filter(({ trainable }) => trainable)
    .map(({ path, kind, shape }): ObservedParameter => ({
      path,
      kind,
      layer: path.slice(0, path.lastIndexOf('.')),
      weight: tensorView(state.slice(path), shape),
      gradient: tensorView(state.gradient(path), shape),
    }))
  return { batch: rows, columns, blocks, links: lowered.links, containers, parameters }
}
