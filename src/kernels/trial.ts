/** One matrix product on buffers of its own: whether a variant computes it rightly here, and how long it takes. */
import type { Gpu } from '../gpu/device.ts'
import type { Slice } from '../gpu/kernel.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { Program } from '../gpu/program.ts'
import { readBuffer } from '../gpu/readback.ts'
import type { ActivationName } from '../model/types.ts'
import { derivativeFrom } from './activation.ts'
import { matmul, type MatmulEpilogue } from './matmul.ts'
import type { MatmulVariant } from './matmulVariants.ts'
import { activations } from './reference/activation.ts'
import type { MatmulShape } from './reference/matmul.ts'

/** `milliseconds` is null where nobody asked. */
export type Outcome = { milliseconds: number | null } | { refused: string }

/** Entries of C held against float64, spread over all of it. */
const samples = 240
/** Of the sum of the products' magnitudes: what float32 loses on the way, many times over. */
const tolerance = 2e-6
/** Wall clock of one timed run: many ticks of any timer; short enough to try many variants. */
const runMilliseconds = { software: 25, hardware: 4 }
const runs = 3
const mostRepeats = 1000
/** What undoes a scale, in the trial. */
const undo = 2 ** -9

export class Trial {
  readonly #gpu: Gpu
  readonly #pipelines: Pipelines
  readonly #shape: Required<MatmulShape>
  readonly #epilogue: MatmulEpilogue
  #data: { slices: Slice[]; a: Float32Array; b: Float32Array; last: Float32Array; output: Slice } | undefined

  constructor(gpu: Gpu, pipelines: Pipelines, product: { shape: MatmulShape; epilogue: MatmulEpilogue }) {
    this.#gpu = gpu
    this.#pipelines = pipelines
    this.#shape = { batch: 1, transposeA: false, transposeB: false, half: false, ...product.shape }
    this.#epilogue = product.epilogue
  }

  /** Ahead of `run`, which tells of what does not compile. */
  async compile(variant: MatmulVariant): Promise<void> {
    await this.#pipelines.compile(matmul(this.#shape, this.#epilogue, variant)).catch(() => {})
  }

  /** Whether the variant is right here, and with `timed` how long it takes. */
  async run(variant: MatmulVariant, timed: boolean): Promise<Outcome> {
    this.#data ??= this.#upload()
    const { slices, output } = this.#data
    let program: Program
    try {
      program = await Program.build(this.#gpu, this.#pipelines, 'trial', [{ kernel: matmul(this.#shape, this.#epilogue, variant), slices }])
    } catch (error) {
      return { refused: error instanceof Error ? error.message : String(error) }
    }
    try {
      const { device } = this.#gpu
      const encoder = device.createCommandEncoder({ label: 'trial' })
      encoder.clearBuffer(output.buffer)
      device.queue.submit([encoder.finish()])
      await this.#time(program, 1)
      const wrong = this.#check(new Float32Array(await readBuffer(device, output.buffer, 0, output.size)))
      if (wrong) return { refused: wrong }
      return { milliseconds: timed ? await this.#milliseconds(program) : null }
    } finally {
      program.destroy()
    }
  }

  /** Of one dispatch: the best of some runs that are long beside what a submit takes that has nothing to do, less that. */
  async #milliseconds(program: Program): Promise<number> {
    const best = async (repeats: number, times: number) => {
      let least = Infinity
      for (let i = 0; i < times; i++) least = Math.min(least, await this.#time(program, repeats))
      return least
    }
    const empty = await best(0, runs)
    const enough = Math.max(runMilliseconds[this.#gpu.adapter.software ? 'software' : 'hardware'], empty)
    let repeats = 1
    let time = await best(1, 1)
    while (time < enough && repeats < mostRepeats) {
      repeats = Math.min(mostRepeats, repeats * Math.min(16, Math.max(2, Math.ceil(enough / Math.max(time - empty, 0.01)))))
      time = await best(repeats, 1)
    }
    time = Math.min(time, await best(repeats, runs - 1))
    return Math.max(time - empty, time / 2) / repeats
  }

  destroy() {
    for (const { buffer } of this.#data?.slices ?? []) buffer.destroy()
    this.#data = undefined
  }

  async #time(program: Program, repeats: number): Promise<number> {
    const { queue } = this.#gpu.device
    const encoder = this.#gpu.device.createCommandEncoder({ label: 'trial' })
    const pass = encoder.beginComputePass({ label: 'trial' })
    for (let i = 0; i < repeats; i++) program.encode(pass)
    pass.end()
    const commands = encoder.finish()
    await queue.onSubmittedWorkDone()
    const begun = performance.now()
    queue.submit([commands])
    await queue.onSubmittedWorkDone()
    return performance.now() - begun
  }

  /** A sentence about the first sampled entry that is not what float64 says. */
  #check(c: Float32Array): string | undefined {
    const { m, n, k, batch, transposeA, transposeB } = this.#shape
    const { a, b, last } = this.#data!
    const { bias, activation, derivative, parameter = 0, scaled } = this.#epilogue
    const count = batch * m * n
    for (let s = 0; s < Math.min(samples, count); s++) {
      const at = Math.floor((s * (count - 1)) / Math.max(1, Math.min(samples, count) - 1))
      const [z, row, column] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n]
      let [sum, size] = [0, 0]
      for (let i = 0; i < k; i++) {
        const term =
          a[z * m * k + (transposeA ? i * m + row : row * k + i)]! * b[z * k * n + (transposeB ? column * k + i : i * n + column)]!
        sum += term
        size += Math.abs(term)
      }
      if (scaled) sum *= undo
      if (bias) sum += last[column]!
      const expected = derivative
        ? sum * formula(derivative, parameter).derivative(last[at]!)
        : activation
          ? formula(activation, parameter).forward(sum)
          : sum
      if (!(Math.abs(c[at]! - expected) <= tolerance * (size + 1))) return `C[${row}, ${column}] is ${c[at]}, expected ${expected}`
    }
    return undefined
  }

  #upload() {
    const { m, n, k, batch, half } = this.#shape
    const { bias, derivative, parameter = 0, keep, scaled } = this.#epilogue
    const { device } = this.#gpu
    const write = (values: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>, label: string): Slice => {
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
      const buffer = device.createBuffer({ label: `trial ${label}`, size: Math.max(16, Math.ceil(values.byteLength / 4) * 4), usage })
      const bytes = new Uint8Array(buffer.size) // writeBuffer takes whole words
      bytes.set(new Uint8Array(values.buffer))
      device.queue.writeBuffer(buffer, 0, bytes)
      return { buffer, offset: 0, size: buffer.size }
    }
    const a = noiseOf(batch * m * k, 1)
    const b = noiseOf(batch * k * n, 2)
    const last = noiseOf(derivative ? batch * m * n : n, 3) // the bias, or what the activation was applied to
    const saved =
      derivative && derivativeFrom(derivative as ActivationName, parameter) === 'output'
        ? last.map(formula(derivative, parameter).forward)
        : last
    const c = new Float32Array(batch * m * n)
    const output = write(c, 'C')
    const stored = (values: Float32Array<ArrayBuffer>) => (half ? Uint16Array.from(values, halfBits) : values)
    const slices = [write(stored(a), 'A'), write(stored(b), 'B'), output]
    if (keep) slices.push(write(c, 'kept'))
    if (scaled) slices.push(write(Float32Array.of(0, 0, 0, undo), 'range'))
    if (bias || derivative) slices.push(write(saved, 'bias'))
    return { slices, a, b, last, output }
  }
}

const formula = (name: string, parameter: number) => activations[name as ActivationName](parameter)

/** The bits in half precision of a multiple of 1/1024 in [−1, 1), which has room there. */
function halfBits(value: number): number {
  if (value === 0) return 0
  const exponent = Math.floor(Math.log2(Math.abs(value)))
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024)
}

/** Multiples of 1/1024 in [−1, 1), the same in every run. */
function noiseOf(count: number, seed: number): Float32Array<ArrayBuffer> {
  let state = (seed * 2654435761) >>> 0
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 21) / 1024 - 1
  })
}
