import type { Own } from '../gpu/owned.ts'
import { Program } from '../gpu/program.ts'
import { combine, dot } from '../kernels/vectors.ts'
import { scratch, whole } from '../train/buffers.ts'
import type { Probe } from '../train/probe.ts'
import { at, dotOf, mostTerms, type Curvature } from './curvature.ts'
import { largestPair } from './tridiagonal.ts'

/** Bytes that the vectors of a search take at most. */
const mostBytes = 256 * 2 ** 20
const [fewestVectors, mostVectors] = [4, 32]

export interface Search {
  /** Relative: the residual |A·v − θ·v| is at most this share of θ. */
  tolerance: number
  /** Products with the matrix at most. */
  most: number
  /** Heard before each product. */
  onProduct?: (done: number) => void | Promise<void>
}

/** What a search has found; the vector lies in the basis' first place. */
export interface FoundPair {
  value: number
  /** |A·v − θ·v|: some eigenvalue is so near (Parlett, The Symmetric Eigenvalue Problem, §4.5), if products were exact. */
  residual: number
  products: number
  converged: boolean
}

/**
 * The algebraically largest eigenvalue of a symmetric matrix that is known by its products, by Lanczos' iteration: a power iteration that remembers all
 * its vectors and takes the best combination of them (Golub & Van Loan, Matrix Computations, §10.1). A negative eigenvalue of larger magnitude, which a
 * power iteration would find instead, is no obstacle. Each vector is made orthogonal to all before, twice ("twice is enough": Parlett, §6.9); where there is no room for
 * more, it begins again from the best combination.
 */
export class Lanczos {
  readonly #probe: Probe
  readonly #curvature: Curvature
  readonly #basis: GPUBuffer[]
  readonly #partials: GPUBuffer
  readonly #own: Own
  readonly #next: Program[] = []
  readonly #project: Program[] = []
  readonly #add: Program[] = []
  /** Numbers of the vectors that are any: beyond them the basis is whole. */
  readonly #dimension: number

  constructor(probe: Probe, curvature: Curvature, own: Own) {
    const { gpu } = probe.prepared
    const bytes = 4 * curvature.count
    this.#probe = probe
    this.#curvature = curvature
    this.#own = own
    this.#dimension = probe.state.specs
      .filter(({ trainable }) => trainable)
      .reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0)
    const room = Math.max(fewestVectors, Math.min(mostVectors, Math.floor(mostBytes / bytes), mostTerms))
    this.#basis = Array.from({ length: Math.min(room, this.#dimension) + 1 }, (_, i) => own(scratch(gpu, `vector ${i}`, bytes)))
    this.#partials = own(scratch(gpu, 'dot product', dot.partialBytes))
  }

  /** The vector that a search begins with, and where it leaves what it found, of length 1. */
  get vector(): GPUBuffer {
    return this.#basis[0]!
  }

  /** Begins with a direction in the parameters, of any length. */
  async begin(direction: Float32Array<ArrayBuffer>): Promise<void> {
    this.#curvature.begin(direction)
    const next = await this.#nextProgram(0)
    this.#submit((pass) => next.encode(pass))
  }

  /** Searches from the vector in the first place on. */
  async search({ tolerance, most, onProduct }: Search): Promise<FoundPair> {
    let products = 0
    for (;;) {
      const diagonal: number[] = []
      const beside: number[] = []
      let found = { value: NaN, residual: Infinity }
      let vector = new Float64Array([1])
      let calm = 0
      let whole = false
      while (diagonal.length < this.#basis.length - 1 && products < most) {
        await onProduct?.(products)
        const { product, norm } = await this.#step(diagonal.length)
        products++
        diagonal.push(product)
        if (!Number.isFinite(product) || !Number.isFinite(norm)) return { value: NaN, residual: Infinity, products, converged: false }
        const before = found.value
        const pair = largestPair(diagonal, beside)
        vector = Float64Array.from(pair.vector)
        found = { value: pair.value, residual: norm * Math.abs(vector.at(-1)!) }
        const scale = Math.max(...diagonal.map(Math.abs), ...beside.map(Math.abs))
        whole = diagonal.length === this.#dimension || norm <= 1e-6 * scale
        if (whole) break
        const bound = tolerance * Math.abs(found.value)
        calm = found.residual <= bound && Math.abs(found.value - before) <= bound / 4 ? calm + 1 : 0
        if (calm >= 2) break
        beside.push(norm)
      }
      const converged = whole || calm >= 2
      const begun = diagonal.length
      if (begun > 0) await this.#combine(vector)
      if (converged || products >= most || begun === 0) return { ...found, residual: whole ? 0 : found.residual, products, converged }
    }
  }

  /** Curvature along the vector in the first place, from one product. */
  async along(): Promise<number> {
    const encoder = this.#encoder()
    encoder.copyBufferToBuffer(this.vector, 0, this.#curvature.from, 0, this.vector.size)
    this.#curvature.encode(encoder)
    this.#probe.device.queue.submit([encoder.finish()])
    return (await this.#curvature.read())(at.product)
  }

  /** Multiplies vector `i`, makes the product orthogonal to all vectors so far, and that the next one. */
  async #step(i: number): Promise<{ product: number; norm: number }> {
    const next = await this.#nextProgram(i + 1)
    const projections = await Promise.all(Array.from({ length: i + 1 }, (_, j) => this.#projection(j)))
    const encoder = this.#encoder()
    encoder.copyBufferToBuffer(this.#basis[i]!, 0, this.#curvature.from, 0, this.#curvature.from.size)
    this.#curvature.encode(encoder)
    const pass = encoder.beginComputePass({ label: 'orthogonal' })
    for (let round = 0; round < 2; round++) for (const project of projections) project.encode(pass)
    next.encode(pass)
    pass.end()
    this.#probe.device.queue.submit([encoder.finish()])
    const read = await this.#curvature.read()
    return { product: read(at.product), norm: read(at.norm) }
  }

  /** Puts Σ factorᵢ · vectorᵢ, of length 1, into the first place. */
  async #combine(factors: Float64Array): Promise<void> {
    const { coefficients, product } = this.#curvature
    const numbers = new Float32Array(4 * factors.length)
    factors.forEach((factor, i) => numbers.set([1, factor], 4 * i))
    this.#probe.device.queue.writeBuffer(coefficients, at.terms * 16, numbers)
    const [next, ...adds] = await Promise.all([this.#nextProgram(0), ...Array.from(factors, (_, i) => this.#addition(i))])
    const encoder = this.#encoder()
    encoder.clearBuffer(product)
    const pass = encoder.beginComputePass({ label: 'combination' })
    for (const add of adds) add.encode(pass)
    next!.encode(pass)
    pass.end()
    this.#probe.device.queue.submit([encoder.finish()])
  }

  #encoder() {
    return this.#probe.device.createCommandEncoder({ label: 'lanczos' })
  }

  #submit(encode: (pass: GPUComputePassEncoder) => void) {
    const encoder = this.#encoder()
    const pass = encoder.beginComputePass({ label: 'lanczos' })
    encode(pass)
    pass.end()
    this.#probe.device.queue.submit([encoder.finish()])
  }

  /** The product's length, and the product at length 1 as vector `i`. */
  async #nextProgram(i: number): Promise<Program> {
    const { count, coefficients, product } = this.#curvature
    const own = { coefficients, partials: this.#partials }
    return (this.#next[i] ??= await this.#build('next vector', [
      ...dotOf(count, whole(product), whole(product), own, { normalize: at.norm }),
      { kernel: combine(count, at.norm), slices: [coefficients, product, product, this.#basis[i]!].map(whole) },
    ]))
  }

  /** Takes the share of vector `i` out of the product. */
  async #projection(i: number): Promise<Program> {
    const { count, coefficients, product } = this.#curvature
    const own = { coefficients, partials: this.#partials }
    const vector = whole(this.#basis[i]!)
    return (this.#project[i] ??= await this.#build('projection', [
      ...dotOf(count, vector, whole(product), own, { project: at.project }),
      { kernel: combine(count, at.project, { inPlace: true }), slices: [whole(coefficients), vector, whole(product)] },
    ]))
  }

  /** Adds factor `i` of vector `i` to the product. */
  async #addition(i: number): Promise<Program> {
    const { count, coefficients, product } = this.#curvature
    const kernel = combine(count, at.terms + i, { inPlace: true })
    return (this.#add[i] ??= await this.#build('addition', [
      { kernel, slices: [whole(coefficients), whole(this.#basis[i]!), whole(product)] },
    ]))
  }

  async #build(label: string, kernels: Parameters<typeof Program.build>[3]): Promise<Program> {
    const { gpu, pipelines } = this.#probe.prepared
    return this.#own(await Program.build(gpu, pipelines, label, kernels))
  }
}
