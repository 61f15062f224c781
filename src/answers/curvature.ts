import type { Slice } from '../gpu/kernel.ts'
import type { Own } from '../gpu/owned.ts'
import { Program, type BoundKernel } from '../gpu/program.ts'
import { readBuffer } from '../gpu/readback.ts'
import { combine, dot, dotResult, multiply, stretch } from '../kernels/vectors.ts'
import { scratch, whole } from '../train/buffers.ts'
import type { Probe } from '../train/probe.ts'

/** Where the coefficients of kernels/vectors.ts lie: the step's length, the moves along a direction, weight decay, and what the host reads. */
export const at = { length: 0, move: 1, decay: 4, project: 5, product: 6, norm: 7, one: 8, terms: 9 } as const
/** Vectors that a combination may have. */
export const mostTerms = 64

/** What stands beside the loss' Hessian. */
export interface Metric {
  /** Added to its diagonal, for the parameters that are decayed: the weight decay is part of what is minimised. */
  decay: number
  /** Of an adaptive optimizer: its steps differ by parameter. Corrections of its first and second moment, ε, and where the second lies. */
  adaptive?: { corrections: [first: number, second: number, epsilon: number]; second: Slice }
}

/**
 * The loss' Hessian H at a probe's parameters, as what it makes of a vector: (∇L(w + ε v) − ∇L(w − ε v)) / 2ε, whose error falls with ε² (Pearlmutter,
 * Fast exact multiplication by the Hessian, 1994, §2). With an adaptive optimizer S · H · S. Vectors stay on the GPU.
 */
export class Curvature {
  readonly count: number
  readonly coefficients: GPUBuffer
  /** The vector that is multiplied, and the product. */
  readonly from: GPUBuffer
  readonly product: GPUBuffer
  readonly #probe: Probe
  readonly #programs: Programs
  readonly #forth: GPUBuffer
  /** Gradients computed so far. */
  gradients = 0

  private constructor(probe: Probe, buffers: Buffers, programs: Programs) {
    this.#probe = probe
    this.count = probe.state.parameterFloats
    this.coefficients = buffers.coefficients
    this.from = buffers.from
    this.product = buffers.product
    this.#forth = buffers.forth
    this.#programs = programs
  }

  static async open(probe: Probe, metric: Metric, own: Own): Promise<Curvature> {
    const buffers = await buffersOf(probe, metric, own)
    const { gpu, pipelines } = probe.prepared
    const build = (label: string, kernels: BoundKernel[]) => Program.build(gpu, pipelines, label, kernels).then(own)
    const kernels = kernelsOf(probe, metric, buffers)
    const built = await Promise.all(Object.entries(kernels).map(async ([name, own]) => [name, await build(name, own)] as const))
    probe.device.queue.writeBuffer(buffers.coefficients, at.decay * 16, Float32Array.of(1, metric.decay))
    probe.device.queue.writeBuffer(buffers.coefficients, at.one * 16, Float32Array.of(1, 0))
    const curvature = new Curvature(probe, buffers, Object.fromEntries(built) as Programs)
    if (metric.adaptive) await stretchOf(probe, metric.adaptive, buffers, own)
    return curvature
  }

  /** |w|. */
  async sizeOfParameters(): Promise<number> {
    this.#submit((pass) => this.#programs.size.encode(pass))
    return (await this.read())(at.norm)
  }

  /** Makes a direction in the parameters the product, of any length: as a vector that S turns into it. */
  begin(direction: Float32Array<ArrayBuffer>): void {
    this.#probe.device.queue.writeBuffer(this.#forth, 0, direction)
    this.#submit((pass) => this.#programs.begin.encode(pass))
  }

  /** Sets ε: how far a step goes from the parameters, in the distance of all of them. */
  set length(length: number) {
    this.#probe.device.queue.writeBuffer(this.coefficients, at.length * 16, Float32Array.of(length))
  }

  /** Encodes product = S · (H + decay) · S · from, of a vector of length 1, and from · product as coefficient `product`. */
  encode(encoder: GPUCommandEncoder): void {
    const inPass = (encode: (pass: GPUComputePassEncoder) => void) => {
      const pass = encoder.beginComputePass({ label: 'curvature' })
      encode(pass)
      pass.end()
    }
    inPass((pass) => {
      this.#programs.forth.encode(pass)
      this.#probe.encodeGradient(pass)
    })
    const { gradients } = this.#probe.state
    encoder.copyBufferToBuffer(gradients, 0, this.#forth, 0, gradients.size)
    inPass((pass) => {
      this.#programs.back.encode(pass)
      this.#probe.encodeGradient(pass)
      this.#programs.end.encode(pass)
    })
    this.gradients += 2
  }

  #submit(encode: (pass: GPUComputePassEncoder) => void) {
    const encoder = this.#probe.device.createCommandEncoder({ label: 'curvature' })
    const pass = encoder.beginComputePass({ label: 'curvature' })
    encode(pass)
    pass.end()
    this.#probe.device.queue.submit([encoder.finish()])
  }

  /** The coefficients as the work submitted so far leaves them. */
  async read(): Promise<(at: number) => number> {
    const values = new Float32Array(await readBuffer(this.#probe.device, this.coefficients))
    return (place) => dotResult(values, place)
  }
}

type Programs = Record<'size' | 'begin' | 'forth' | 'back' | 'end', Program>

interface Buffers {
  coefficients: GPUBuffer
  from: GPUBuffer
  product: GPUBuffer
  forth: GPUBuffer
  partials: GPUBuffer
  /** S and 1/S, where S is not 1. */
  stretch: { root: GPUBuffer; inverse: GPUBuffer } | undefined
  direction: GPUBuffer
  difference: GPUBuffer
}

function buffersOf(probe: Probe, { adaptive }: Metric, own: Own): Promise<Buffers> {
  const { gpu } = probe.prepared
  const bytes = 4 * probe.state.parameterFloats
  const vector = (label: string) => own(scratch(gpu, label, bytes))
  return gpu.checked('curvature', () => {
    const [from, product] = [vector('vector'), vector('curvature along it')]
    return {
      coefficients: own(scratch(gpu, 'coefficients', (at.terms + mostTerms) * 16)),
      partials: own(scratch(gpu, 'dot product', dot.partialBytes)),
      from,
      product,
      forth: vector('gradient forth'),
      stretch: adaptive && { root: vector('stretch'), inverse: vector('inverse stretch') },
      direction: adaptive ? vector('direction') : from,
      difference: adaptive ? vector('difference') : product,
    }
  })
}

function kernelsOf(probe: Probe, { decay }: Metric, buffers: Buffers): Record<keyof Programs, BoundKernel[]> {
  const { state, base } = probe
  const count = state.parameterFloats
  const [coefficients, from, product, forth, direction, difference] = [
    buffers.coefficients,
    buffers.from,
    buffers.product,
    buffers.forth,
    buffers.direction,
    buffers.difference,
  ].map(whole) as [Slice, Slice, Slice, Slice, Slice, Slice]
  const start: Slice = { buffer: base, offset: 0, size: 4 * count }
  const stretched = (x: Slice, to: Slice): BoundKernel[] =>
    buffers.stretch ? [{ kernel: multiply(count), slices: [x, whole(buffers.stretch.root), to] }] : []
  const moved = (place: number): BoundKernel => ({
    kernel: combine(count, place),
    slices: [coefficients, start, direction, state.allParameters],
  })
  const decayed = 4 * state.decayedFloats
  const shrunk: BoundKernel[] =
    decay > 0 && decayed > 0
      ? [
          {
            kernel: combine(state.decayedFloats, at.decay, { inPlace: true }),
            slices: [coefficients, { ...direction, size: decayed }, { ...difference, size: decayed }],
          },
        ]
      : []
  const begun: BoundKernel = buffers.stretch
    ? { kernel: multiply(count), slices: [forth, whole(buffers.stretch.inverse), product] }
    : { kernel: combine(count, at.one), slices: [coefficients, forth, forth, product] }
  return {
    size: dotOf(count, start, start, buffers, { normalize: at.norm }),
    begin: [begun],
    forth: [
      ...stretched(from, direction),
      ...dotOf(count, direction, direction, buffers, { move: at.move, length: at.length }),
      moved(at.move),
    ],
    back: [moved(at.move + 1)],
    end: [
      { kernel: combine(count, at.move + 2), slices: [coefficients, forth, state.allGradients, difference] },
      ...shrunk,
      ...stretched(difference, product),
      ...dotOf(count, from, product, buffers, { project: at.product }),
    ],
  }
}

/** A dot product with what becomes of it. */
export function dotOf(
  count: number,
  x: Slice,
  y: Slice,
  { partials, coefficients }: Pick<Buffers, 'partials' | 'coefficients'>,
  use: Parameters<typeof dot.kernels>[1],
): BoundKernel[] {
  const [first, second] = dot.kernels(count, use)
  return [
    { kernel: first, slices: [x, y, whole(partials)] },
    { kernel: second, slices: [whole(partials), whole(coefficients)] },
  ]
}

async function stretchOf(probe: Probe, { corrections, second }: NonNullable<Metric['adaptive']>, buffers: Buffers, own: Own) {
  const { gpu, pipelines } = probe.prepared
  const numbers = own(scratch(gpu, 'corrections', 16))
  probe.device.queue.writeBuffer(numbers, 0, Float32Array.from(corrections))
  const kernel = stretch(probe.state.parameterFloats)
  const { root, inverse } = buffers.stretch!
  const slices = [whole(numbers), second, whole(root), whole(inverse)]
  const program = own(await Program.build(gpu, pipelines, 'stretch', [{ kernel, slices }]))
  const encoder = probe.device.createCommandEncoder({ label: 'stretch' })
  const pass = encoder.beginComputePass({ label: 'stretch' })
  program.encode(pass)
  pass.end()
  probe.device.queue.submit([encoder.finish()])
}
