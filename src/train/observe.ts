import type { Slice } from '../gpu/kernel.ts'
import { elements, type Value } from '../graph/graph.ts'
import { stridesOf } from '../graph/layout.ts'
import type { Observation, ObservedColumn, ObservedLayer, ObservedParameter, TensorView } from '../graph/observation.ts'
import type { State } from '../graph/state.ts'
import type { NetworkGraph } from '../graph/training-graph.ts'
import type { Tensor } from '../model/tensor.ts'
import type { ParameterSpec } from '../model/types.ts'
import type { Programs } from './programs.ts'

/** A tensor of single precision in a slice. */
export function tensorView(slice: Slice, tensor: Pick<Tensor, 'shape' | 'layout'>): TensorView {
  return { ...slice, shape: [...tensor.shape], strides: stridesOf(tensor), dtype: 'f32' }
}

/** Where the numbers of a network lie. */
export interface Places {
  /** Rows of the batch that can be seen. */
  rows: number
  /** Of a layer's output, or of a gradient of one. */
  activation(value: Value): Slice
  /** Whether it can be seen; what is in the picture always can. */
  isKept(value: Value): boolean
  parameter(value: Pick<Value, 'name'>): Slice
  parameterGradient(value: Pick<Value, 'name'>): Slice
  /** Parameters and running statistics, in depth order. */
  specs: readonly ParameterSpec[]
}

/** Where a step leaves what the picture shows; `step` is filled in by the trainer. */
export function observationOf({ training }: Programs, state: State): Omit<Observation, 'step'> {
  return observedAt(training.graph, {
    rows: training.shownRows,
    activation(value) {
      const found = training.find(value)
      if (!found) throw new Error(`${value.name} is in the picture, but nothing of it is kept`)
      return found.slice
    },
    isKept: (value) => training.find(value) !== undefined,
    parameter: ({ name }) => state.slice(name),
    parameterGradient: ({ name }) => state.gradient(name),
    specs: state.specs,
  })
}

/** What the picture shows of a network, given where its numbers lie. */
export function observedAt({ lowered, anatomy, gradients, graph }: NetworkGraph, places: Places): Omit<Observation, 'step'> {
  const { rows } = places
  // The picture takes neurons in the order in which they lie, images' too.
  const activation = (value: Value) =>
    tensorView(places.activation(value), { shape: [rows, elements(value) / graph.batch], layout: 'rows' })
  const valueOf = (path: string) => lowered.parameters.get(path)!
  const parameter = (path: string) => tensorView(places.parameter(valueOf(path)), valueOf(path))
  const gradient = (path: string) => tensorView(places.parameterGradient(valueOf(path)), valueOf(path))
  const layer = (path: string): ObservedLayer => {
    const value = lowered.outputs.get(path)!
    return { path, ...(places.isKept(value) ? { output: activation(value) } : {}) }
  }
  const columns = anatomy.columns.map(({ path, label, words, bias, after, layers }): ObservedColumn => {
    const value = lowered.outputs.get(path)!
    const dValue = gradients.get(value)
    return {
      path,
      label,
      words,
      width: elements(value) / graph.batch,
      shape: value.shape.slice(1),
      ...(after !== undefined ? { after } : {}),
      ...(layers.length > 0 ? { layers: layers.map(layer) } : {}),
      activation: activation(value),
      ...(dValue ? { gradient: activation(dValue) } : {}),
      ...(bias ? { bias: parameter(bias), biasGradient: gradient(bias) } : {}),
    }
  })
  const blocks = anatomy.blocks.map(({ from, to, weight, groups }) => ({
    path: weight,
    from,
    to,
    weight: parameter(weight),
    gradient: gradient(weight),
    ...(groups !== undefined ? { groups } : {}),
  }))
  const containers = anatomy.containers.map(({ branches, ...container }) => ({
    ...container,
    branches: branches.map(({ path, isBypass }) => {
      const arrival = gradients.get(lowered.branchInputs.get(path)!)
      return { path, isBypass, ...(arrival ? { arrival: activation(arrival) } : {}) }
    }),
  }))
  const parameters = places.specs
    .filter(({ trainable }) => trainable)
    .map(({ path, kind, shape, layout }): ObservedParameter => ({
      path,
      kind,
      layer: path.slice(0, path.lastIndexOf('.')),
      weight: tensorView(places.parameter({ name: path }), { shape, layout }),
      gradient: tensorView(places.parameterGradient({ name: path }), { shape, layout }),
    }))
  return { batch: rows, columns, blocks, links: anatomy.links, containers, parameters }
}
