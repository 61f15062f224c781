/** The health of a network as its tensors, read to the host, give it in float64. */
import { expect } from 'vitest'
import { readBuffer } from '../../src/gpu/readback.ts'
import type { Trainer } from '../../src/index.ts'
import type { Health, LayerHealth, OutputHealth, ParameterHealth } from '../../src/inspect/health.ts'

const finite = (values: Iterable<number>) => [...values].filter(Number.isFinite)
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
/** Math.hypot takes care of 1e-30 and 1e30. */
const norm = (values: Iterable<number>) => finite(values).reduce((length, value) => Math.hypot(length, value), 0)
const nonFinite = (values: Iterable<number>) => {
  const all = [...values]
  return { nan: all.filter(Number.isNaN).length, infinite: all.filter((value) => Math.abs(value) === Infinity).length }
}
const count = (values: Iterable<number>, is: (value: number) => boolean) => [...values].filter(is).length

const silent: Record<string, (y: number) => boolean> = {
  relu: (y) => y === 0,
  elu: (y) => y <= Math.fround(-0.97),
  gelu: (y) => y >= Math.fround(-0.01) && y <= 0,
  silu: (y) => y >= Math.fround(-0.01) && y <= 0,
  softplus: (y) => y <= Math.fround(0.01),
}
const ends: Record<string, (y: number) => boolean> = {
  tanh: (y) => Math.abs(y) > Math.fround(0.97),
  sigmoid: (y) => y < Math.fround(0.015) || y > Math.fround(0.985),
  elu: (y) => y < Math.fround(-0.97),
}

function near(actual: number, expected: number, tolerance: number, what: string) {
  const difference = Math.abs(actual - expected)
  expect(Object.is(actual, expected) || difference <= tolerance, `${what}: ${actual} instead of ${expected}`).toBe(true)
}

/** How long each neuron of a layer was silent, constant, saturated. */
interface Runs {
  inactive: number[]
  constant: number[]
  saturated: number[]
  last: number[]
}

export class HealthReference {
  readonly #device: GPUDevice
  readonly #trainer: Trainer
  readonly #runs = new Map<string, Runs>()
  #seen = 0

  constructor(device: GPUDevice, trainer: Trainer) {
    this.#device = device
    this.#trainer = trainer
  }

  /** Parameters as they are now, by path. */
  async parameters(): Promise<Map<string, Float32Array>> {
    const paths = this.#trainer.parameterPaths
    return new Map(await Promise.all(paths.map(async (path) => [path, await this.#trainer.parameter(path).read()] as const)))
  }

  /** Compares a reading of the last step with the tensors that it left; `before` are the parameters before that step. */
  async check(health: Health, before: ReadonlyMap<string, Float32Array>, samples: number) {
    expect(health.step).toBe(this.#trainer.step)
    expect(health.batch).toBe(samples)
    this.#seen = Math.min(health.window.of, this.#seen + samples)
    expect(health.window.samples).toBe(this.#seen)
    const after = await this.parameters()
    await this.#checkOutput(health.input, 'input', samples)
    const told: string[] = []
    let last: { norm: number; share: number | null } | undefined
    for (const layer of health.layers) {
      for (const parameter of [layer.weight, layer.bias, ...layer.norms.flatMap(({ scale, shift }) => [scale, shift])]) {
        if (!parameter) continue
        told.push(parameter.path)
        await this.#checkParameter(parameter, before.get(parameter.path)!, after.get(parameter.path)!)
      }
      await this.#checkOutput(layer.output, layer.outputPath, samples)
      await this.#checkNeurons(layer, samples, health.window.samples)
      await this.#checkGradient(layer, samples)
      if (layer.weight) last = { norm: await this.#gradientNorm(layer.weight.path), share: layer.gradientShare }
      else expect(layer.gradientShare).toBe(null)
    }
    expect(told.toSorted()).toEqual(this.#trainer.parameterPaths.filter((path) => !path.includes('running')).toSorted())
    for (const { weight, gradientShare } of health.layers) {
      if (!weight) continue
      const own = await this.#gradientNorm(weight.path)
      if (last!.norm > 0 && Number.isFinite(last!.norm))
        near(gradientShare!, own / last!.norm, (1e-5 * own) / last!.norm, `${weight.path} share`)
      else expect(gradientShare).toBe(null)
    }
  }

  async #gradientNorm(path: string): Promise<number> {
    const gradient = await this.#trainer.gradient(path).read()
    const { nan, infinite } = nonFinite(gradient)
    return nan > 0 ? NaN : infinite > 0 ? Infinity : norm(gradient)
  }

  async #checkParameter(found: ParameterHealth, before: Float32Array, after: Float32Array) {
    const gradient = await this.#trainer.gradient(found.path).read()
    const close = (actual: number, expected: number, what: string) => near(actual, expected, 1e-5 * expected, `${found.path} ${what}`)
    expect(found.count).toBe(after.length)
    close(found.gradientNorm, norm(gradient), 'gradient norm')
    close(found.gradientRms, norm(gradient) / Math.sqrt(gradient.length), 'gradient root mean square')
    close(found.weightNorm, norm(after), 'weight norm')
    close(found.largestWeight, Math.max(0, ...finite(after).map(Math.abs)), 'largest weight')
    expect(found.zeroGradients).toBe(count(gradient, (value) => value === 0))
    expect(found.zeroWeights).toBe(count(after, (value) => value === 0))
    expect(found.nonFiniteGradients).toEqual(nonFinite(gradient))
    expect(found.nonFiniteWeights).toEqual(nonFinite(after))
    const change = [...after].map((value, i) => value - before[i]!)
    close(found.updateNorm, norm(change), 'update norm')
    const isLost = change.some((value) => !Number.isFinite(value))
    if (isLost) expect(found.updateRatio).toBe(NaN)
    else if (norm(before) === 0) expect(found.updateRatio).toBe(null)
    else close(found.updateRatio!, norm(change) / norm(before), 'update ratio')
  }

  /** A layer's output, `[samples][channel][…]`; undefined where it is not kept. */
  async #read(path: string, samples: number): Promise<{ shape: number[]; values: number[] } | undefined> {
    let handle: ReturnType<Trainer['activation']>
    try {
      handle = this.#trainer.activation(path)
    } catch {
      return undefined
    }
    const [rows, ...shape] = handle.shape
    const values = [...(await handle.read())]
    return { shape, values: values.slice(0, (values.length / rows!) * samples) }
  }

  async #checkOutput(found: OutputHealth, path: string, samples: number) {
    const { values, shape } = (await this.#read(path, samples))!
    const known = finite(values)
    expect([found.count, found.neurons]).toEqual([values.length, shape[0]])
    expect(found.nonFinite).toEqual(nonFinite(values))
    near(found.zeros, count(values, (value) => value === 0) / values.length, 1e-12, `${path} zeros`)
    if (known.length === 0) return expect([found.mean, found.deviation, found.minimum, found.maximum]).toEqual([NaN, NaN, NaN, NaN])
    const mean = sum(known) / known.length
    const deviation = norm(known.map((value) => value - mean)) / Math.sqrt(known.length)
    const size = norm(known) / Math.sqrt(known.length)
    near(found.mean, mean, 1e-5 * size, `${path} mean`)
    near(found.deviation, deviation, 1e-4 * deviation + 1e-6 * size, `${path} deviation`)
    expect([found.minimum + 0, found.maximum + 0]).toEqual([Math.min(...known) + 0, Math.max(...known) + 0])
  }

  async #checkNeurons(layer: LayerHealth, samples: number, needed: number) {
    const { output, activation } = layer
    const read = await this.#read(activation?.path ?? layer.outputPath, samples)
    if (!read || (output.dead === null && !activation)) return expect(output.saturatedNeurons).toBe(null)
    const { values, shape } = read
    const neurons = shape[0]!
    const size = shape.reduce((product, n) => product * n, 1) / neurons
    const of = (neuron: number) => values.filter((_, i) => Math.floor(i / size) % neurons === neuron)
    const isSilent = silent[activation?.name ?? ''] ?? (() => false)
    const isAtEnd = ends[activation?.name ?? '']
    const zeros = () => Array.from({ length: neurons }, () => 0)
    const runs = this.#runs.get(layer.path) ?? {
      inactive: zeros(),
      constant: zeros(),
      saturated: zeros(),
      last: Array<number>(neurons).fill(NaN),
    }
    this.#runs.set(layer.path, runs)
    for (let neuron = 0; neuron < neurons; neuron++) {
      const own = of(neuron)
      const isKnown = own.every(Number.isFinite)
      const isSaturated = isKnown && isAtEnd !== undefined && count(own, isAtEnd) >= 0.95 * own.length
      const isConstant = Math.min(...own) === Math.max(...own) && (samples > 1 || own[0] === runs.last[neuron])
      const grown = (run: number[], is: boolean) => (run[neuron] = is ? run[neuron]! + samples : 0)
      grown(runs.inactive, isKnown && own.every(isSilent))
      grown(runs.constant, isKnown && isConstant && !isSaturated)
      grown(runs.saturated, isSaturated)
      runs.last[neuron] = own[0]!
    }
    const those = (is: (neuron: number) => boolean) => zeros().flatMap((_, neuron) => (is(neuron) ? [neuron] : []))
    expect(output.dead, layer.path).toEqual(those((neuron) => Math.max(runs.inactive[neuron]!, runs.constant[neuron]!) >= needed))
    expect(output.deadShare).toBe(output.dead!.length / neurons)
    expect(output.saturatedNeurons, layer.path).toEqual(isAtEnd ? those((neuron) => runs.saturated[neuron]! >= needed) : null)
    expect(output.saturated, layer.path).toEqual(isAtEnd ? count(values, isAtEnd) / values.length : null)
    const at = activation ? layer.parts.indexOf(activation.path) : 0
    const before = at > 0 ? await this.#read(layer.parts[at - 1]!, samples) : undefined
    expect(output.beyondFive, layer.path).toEqual(
      before ? count(finite(before.values), (value) => Math.abs(value) > 5) / values.length : null,
    )
  }

  async #checkGradient({ column, output, path }: LayerHealth, samples: number) {
    const { gradient, width } = this.#trainer.observation().columns[column]!
    if (!gradient) return expect(output.gradientNorm).toBe(null)
    const read = new Float32Array(await readBuffer(this.#device, gradient.buffer, gradient.offset, gradient.size))
    const values = read.slice(0, samples * width)
    near(output.gradientNorm!, norm(values), 1e-5 * norm(values), `${path} ∂L/∂output`)
    expect(output.nonFiniteGradients).toEqual(nonFinite(values))
  }
}
