/** Which tensors of an observation are measured for a network's health, and what each of them tells. */
import { nodesOf, type Observation, type ObservedColumn, type ObservedParameter, type TensorView } from '../graph/observation.ts'
import { flatOutputs, isActivation, parameterOf, type ActivationName, type FlatOutputs } from '../model/catalogue/activations.ts'
import { kindOf } from '../model/catalogue/layers.ts'
import { placedLayers } from '../model/shapes.ts'
import type { Layer, Network } from '../model/types.ts'

/** A tensor `[batch, perSample]` to be described, by number among all. */
export interface OutputSite {
  tensor: TensorView
  perSample: number
  /** Neurons, or into how many parts numbers that are alike are divided. */
  neurons: number
  /** Whether its neurons are watched from batch to batch. */
  isWatched: boolean
  flat: FlatOutputs
}

/** The sites of a column, by number; absent where there is nothing to measure, or nothing of it is kept. */
export interface ColumnSites {
  output: number
  /** What its activation puts out, where that tells dead and saturated neurons: mostly the output itself. */
  activation?: number
  /** Whether saturation can be told there. */
  hasEnds: boolean
  /** What goes into the activation. */
  before?: number
  gradient?: number
}

export interface HealthLayer {
  path: string
  type: Layer['type']
  parts: readonly string[]
  outputPath: string
  column: number
  neurons: number
  container?: string
  activation?: { path: string; name: ActivationName }
  /** Of `Observation.parameters`. */
  weight?: number
  bias?: number
  norms: { path: string; scale: number; shift: number }[]
  sites: ColumnSites
}

export interface HealthPlan {
  input: { sites: ColumnSites; neurons: number }
  layers: HealthLayer[]
  sites: OutputSite[]
  parameters: readonly ObservedParameter[]
}

/** Numbers that are no neurons are dealt to so many: a part of its own. */
const alike = 32

export function healthPlan(observation: Observation, network: Network): HealthPlan {
  const { columns, parameters, containers } = observation
  const placed = new Map(placedLayers(network).map(({ path, layer }) => [path, layer]))
  const sites: OutputSite[] = []
  const site = (tensor: TensorView, perSample: number, watched?: { neurons: number; flat: FlatOutputs }) =>
    sites.push({ tensor, perSample, neurons: watched?.neurons ?? alike, isWatched: watched !== undefined, flat: watched?.flat ?? {} }) - 1
  const indexOf = (path: string) => {
    const found = parameters.findIndex((parameter) => parameter.path === path)
    return found < 0 ? undefined : found
  }
  const [input, ...others] = columns
  const layers = others.map((column, i): HealthLayer => {
    const parts = (column.layers ?? []).map(({ path }) => path)
    const first = parts[0]!
    const weight = indexOf(`${first}.weight`)
    const isWeight = weight !== undefined && parameters[weight]!.kind === 'weight'
    const bias = indexOf(`${first}.bias`)
    const norms = parts.flatMap((path) => {
      const [scale, shift] = [indexOf(`${path}.weight`), indexOf(`${path}.bias`)]
      return scale !== undefined && shift !== undefined && parameters[scale]!.kind === 'norm' ? [{ path, scale, shift }] : []
    })
    const last = parts.findLastIndex((path) => isActivation(placed.get(path)!.type))
    const name = last < 0 ? undefined : (placed.get(parts[last]!)!.type as ActivationName)
    const container = containers
      .filter((one) => one.first <= i + 1 && i + 1 <= one.last)
      .map(({ path }) => path)
      .sort((a, b) => a.length - b.length)[0]
    return {
      path: first,
      type: placed.get(first)!.type,
      parts,
      outputPath: column.path,
      column: i + 1,
      neurons: nodesOf(column),
      ...(container !== undefined && { container }),
      ...(name && { activation: { path: parts[last]!, name } }),
      ...(isWeight && { weight, ...(bias !== undefined && { bias }) }),
      norms,
      sites: sitesOf(column, last, placed, site),
    }
  })
  const sitesOfInput = { output: site(input!.activation, input!.width), hasEnds: false }
  return { input: { sites: sitesOfInput, neurons: nodesOf(input!) }, layers, sites, parameters }
}

type AddSite = (tensor: TensorView, perSample: number, watched?: { neurons: number; flat: FlatOutputs }) => number

function sitesOf(column: ObservedColumn, last: number, placed: ReadonlyMap<string, Layer>, site: AddSite): ColumnSites {
  const { width, activation: output, gradient, layers = [] } = column
  const neurons = nodesOf(column)
  const layerOf = (i: number) => placed.get(layers[i]!.path)!
  const rest = gradient ? { gradient: site(gradient, width) } : {}
  if (last < 0) {
    // Without an activation a neuron is dead where it never varies; what pooling and joins put out are no neurons of their own.
    const isOwn = layers.some((_, i) => ['weights', 'change'].includes(kindOf(layerOf(i)).picture))
    const own = site(output, width, isOwn ? { neurons, flat: {} } : undefined)
    return { ...rest, output: own, ...(isOwn && { activation: own }), hasEnds: false }
  }
  const layer = layerOf(last)
  const flat = isActivation(layer.type) ? flatOutputs(layer.type, parameterOf(layer as never)) : {}
  const ends = { hasEnds: flat.responsive !== undefined }
  const before = last > 0 ? layers[last - 1]!.output : undefined
  const all = { ...rest, ...(before && { before: site(before, width) }) }
  if (last === layers.length - 1) {
    const own = site(output, width, { neurons, flat })
    return { ...all, output: own, activation: own, ...ends }
  }
  const own = layers[last]!.output
  if (own) return { ...all, output: site(output, width), activation: site(own, width, { neurons, flat }), ...ends }
  // Of dropout's output alone zeros are still zeros; the rest it has scaled.
  const isZero = flat.inactive?.[0] === -Infinity && flat.inactive[1] === 0
  const isDropped = layers.slice(last + 1).every((_, i) => layerOf(last + 1 + i).type === 'dropout')
  if (!isZero || !isDropped) return { ...all, output: site(output, width), hasEnds: false }
  const dropped = site(output, width, { neurons, flat: { inactive: flat.inactive! } })
  return { ...all, output: dropped, activation: dropped, hasEnds: false }
}
