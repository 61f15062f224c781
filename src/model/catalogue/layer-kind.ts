import type { Layout } from '../tensor.ts'
import type { InitialValues } from '../initial-values.ts'
import type { ActivationName } from './activations.ts'
import type { Fields } from './field.ts'
import type { Layer } from '../types.ts'

/** Where a layer stands. */
export interface At {
  path: string
  /** Shape of one sample before it. */
  input: number[]
  /** Shape after a list of layers within it, of one sample before it; `name` is the list's within the path. */
  through(layers: readonly Layer[], name: string): number[]
}

/** A parameter or running statistic of a layer, in PyTorch's order, shape and name. */
export interface ParameterDraft {
  name: string
  shape: number[]
  /** `rows` unless given. */
  layout?: Layout
  kind: 'weight' | 'bias' | 'norm'
  /** Running statistics are not. */
  isTrainable?: boolean
  initial: InitialValues
}

/** How its neurons hang on those before. */
export interface Connection {
  hasBias: boolean
  groups?: number
}

/** What a new layer should fit to. */
export interface Habits {
  /** Shape of one sample before it. */
  shape: readonly number[]
  /** The activation that the network uses. */
  activation: ActivationName
}

/** A kind of layer. What kernels do of it: src/graph/layers. */
export interface LayerKind<Own> {
  title: string
  /** What its parameters are called by, where it has any or holds layers that have: `Conv 2 weight`. */
  short?: string
  /** Where it stands in a menu. */
  group: 'weights' | 'shape' | 'between' | 'groups'
  /** Others of the family can take its place. */
  family?: 'activation' | 'norm' | 'pool'
  fields: Fields
  /**
   * In a picture: neurons of its own behind weights, others changed one by one, others moved; of containers, branches that add up or lie beside each
   * other.
   */
  picture: 'weights' | 'change' | 'move' | 'sum' | 'join'
  /** With its main settings, `dense 64`; its type unless given. */
  label?(layer: Own): string
  /** Of one with weights. */
  connection?(layer: Own): Connection
  /** The setting that stands beside its name. */
  main?: string
  /** Shape of one sample after it. Throws an InputError with its path where it cannot take the shape. */
  output(layer: Own, at: At): number[]
  parameters?(layer: Own, input: readonly number[]): ParameterDraft[]
  /** What a reader may want in this place, the likeliest first; the first that chains is offered. */
  offers(habits: Habits): Layer[][]
}
