/** What the shaders of health leave for the host, as a reading. */
import type { Health, LayerHealth, OutputHealth, ParameterHealth } from './health.ts'
import { neuronsPerPart, partWords, sumsWords, type HealthMeter } from './health-meter.ts'
import type { ColumnSites, HealthPlan } from './health-sites.ts'
import type { NonFinite } from './layer-statistics.ts'

const exponentOfUnit = 90
/** What a sum of squares in a unit (0, 1, 2) is to be multiplied by. */
const squareOf = (unit: number): number => 2 ** (2 * exponentOfUnit * (unit - 1))

/** Moments of a site, in float64. */
interface Moments {
  count: number
  mean: number
  /** Sum of (x − mean)², and of x². */
  deviations: number
  minimum: number
  maximum: number
  zeros: number
  nonFinite: NonFinite
  saturated: number
  beyond: number
  dead: number[]
  saturatedNeurons: number[]
}

/** What is known of the step itself. */
export type Circumstances = Pick<Health, 'step' | 'epoch' | 'learningRate' | 'batch' | 'window'> & { hasClasses: boolean }

export function healthOf({ plan, layout }: Pick<HealthMeter, 'plan' | 'layout'>, data: ArrayBuffer, about: Circumstances): Health {
  const { hasClasses, ...circumstances } = about
  const moments = plan.sites.map(({ neurons }, i) => momentsOf(data, layout.parts[i]!, neurons))
  const firstSums = 4 * partWords * layout.partCount
  const parameters = plan.parameters.map(({ path, weight }, i) =>
    parameterOf(path, weight.size / 4, new DataView(data, firstSums + 4 * sumsWords * i, 4 * sumsWords)),
  )
  const [loss, right, , samples] = new Float32Array(data, data.byteLength - 16, 4) as unknown as [number, number, number, number]
  const last = lastGradientNorm(plan, parameters)
  const layers = plan.layers.map(({ sites, weight, bias, norms, neurons, ...layer }): LayerHealth => {
    const own = weight === undefined ? undefined : parameters[weight]!
    return {
      ...layer,
      ...(own && { weight: own }),
      ...(bias !== undefined && { bias: parameters[bias]! }),
      norms: norms.map(({ path, scale, shift }) => ({ path, scale: parameters[scale]!, shift: parameters[shift]! })),
      gradientShare: own && last !== null ? trueNorm(own) / last : null,
      output: outputOf(sites, moments, neurons),
    }
  })
  return {
    ...circumstances,
    loss,
    accuracy: hasClasses ? right / samples : null,
    input: outputOf(plan.input.sites, moments, plan.input.neurons),
    layers,
  }
}

/** NaN or infinite where a gradient is. */
const trueNorm = ({ gradientNorm, nonFiniteGradients: { nan, infinite } }: ParameterHealth): number =>
  nan > 0 ? NaN : infinite > 0 ? Infinity : gradientNorm

/** Null where it can be no measure for others. */
function lastGradientNorm({ layers }: HealthPlan, parameters: readonly ParameterHealth[]): number | null {
  const last = layers.findLast(({ weight }) => weight !== undefined)?.weight
  const norm = last === undefined ? 0 : trueNorm(parameters[last]!)
  return norm > 0 && Number.isFinite(norm) ? norm : null
}

function outputOf(sites: ColumnSites, all: readonly Moments[], neurons: number): OutputHealth {
  const output = all[sites.output]!
  const activation = sites.activation === undefined ? undefined : all[sites.activation]!
  const before = sites.before === undefined ? undefined : all[sites.before]!
  const gradient = sites.gradient === undefined ? undefined : all[sites.gradient]!
  const { nan, infinite } = output.nonFinite
  const values = output.count + nan + infinite
  return {
    neurons,
    count: values,
    mean: output.count > 0 ? output.mean : NaN,
    deviation: output.count > 0 ? Math.sqrt(output.deviations / output.count) : NaN,
    minimum: output.minimum,
    maximum: output.maximum,
    zeros: output.zeros / values,
    nonFinite: output.nonFinite,
    dead: activation?.dead ?? null,
    deadShare: activation ? activation.dead.length / neurons : null,
    saturated: activation && sites.hasEnds ? activation.saturated / values : null,
    saturatedNeurons: activation && sites.hasEnds ? activation.saturatedNeurons : null,
    beyondFive: before ? before.beyond / values : null,
    gradientNorm: gradient ? Math.sqrt(gradient.deviations + gradient.count * gradient.mean ** 2) : null,
    nonFiniteGradients: gradient?.nonFinite ?? { nan: 0, infinite: 0 },
  }
}

/** Joins the parts of a site. */
function momentsOf(data: ArrayBuffer, firstPart: number, neurons: number): Moments {
  const all: Moments = {
    count: 0,
    mean: 0,
    deviations: 0,
    minimum: NaN,
    maximum: NaN,
    zeros: 0,
    nonFinite: { nan: 0, infinite: 0 },
    saturated: 0,
    beyond: 0,
    dead: [],
    saturatedNeurons: [],
  }
  let [low, high] = [Infinity, -Infinity]
  for (let part = 0; part * neuronsPerPart < neurons; part++) {
    const at = 4 * partWords * (firstPart + part)
    const floats = new Float32Array(data, at, partWords)
    const words = new Uint32Array(data, at, partWords)
    const orders = new Int32Array(data, at, partWords)
    const [count, unit] = [words[0]!, words[1]!]
    all.zeros += words[6]!
    all.nonFinite.nan += words[7]!
    all.nonFinite.infinite += words[8]!
    all.saturated += words[10]!
    all.beyond += words[11]!
    all.dead.push(...bitsOf(words[12]!, part * neuronsPerPart))
    all.saturatedNeurons.push(...bitsOf(words[13]!, part * neuronsPerPart))
    if (count === 0) continue
    const mean = floats[2]! * 2 ** (exponentOfUnit * (unit - 1))
    const difference = mean - all.mean
    const share = count / (all.count + count)
    all.deviations += floats[3]! * squareOf(unit) + difference ** 2 * share * all.count
    all.mean += difference * share
    all.count += count
    low = Math.min(low, orders[4]!)
    high = Math.max(high, orders[5]!)
  }
  return all.count > 0 ? { ...all, minimum: floatOf(low), maximum: floatOf(high) } : all
}

function bitsOf(word: number, first: number): number[] {
  const found: number[] = []
  for (let bit = 0; word >>> bit > 0 && bit < neuronsPerPart; bit++) if ((word >>> bit) & 1) found.push(first + bit)
  return found
}

/** The float that `orderOf` of bits.wgsl has made a whole number of. */
const floatOf = (order: number): number => Math.sign(order) * new Float32Array(Uint32Array.of(Math.abs(order)).buffer)[0]!

/** A `ParameterSums`. */
function parameterOf(path: string, count: number, sums: DataView): ParameterHealth {
  const word = (i: number) => sums.getUint32(4 * i, true)
  const norm = (i: number) => Math.sqrt(sums.getFloat32(4 * (i + 1), true) * squareOf(word(i)))
  const [gradientNorm, weightNorm, before, updateNorm] = [norm(0), norm(2), norm(4), norm(6)]
  return {
    path,
    count,
    gradientNorm,
    gradientRms: gradientNorm / Math.sqrt(count),
    zeroGradients: word(8),
    nonFiniteGradients: { nan: word(9), infinite: word(10) },
    weightNorm,
    largestWeight: floatOf(word(14)),
    zeroWeights: word(11),
    nonFiniteWeights: { nan: word(12), infinite: word(13) },
    updateNorm,
    updateRatio: word(15) > 0 ? NaN : before > 0 ? updateNorm / before : null,
  }
}
