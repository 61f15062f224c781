/** One problem on buffers of its own: whether a candidate solves it rightly here, and how long it takes. */
import type { Gpu } from '../gpu/device.ts'
import type { Slice } from '../gpu/kernel.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { Program } from '../gpu/program.ts'
import { readBuffer } from '../gpu/readback.ts'
import type { Candidate, Problem, Sample } from './problem.ts'

/** `milliseconds` is null where nobody asked. */
export type Outcome = { milliseconds: number | null } | { refused: string }

/** Wall clock of one timed run: many ticks of any timer; short enough to try many variants. */
const runMilliseconds = { software: 25, hardware: 4 }
const runs = 3
const mostRepeats = 1000
/**
 * Where waiting slows the work down, this share of a run's shortest time so far is slept through. The first run of a kind has no such time and may take
 * twice as long: so many more bring it down.
 */
const shareSlept = 0.7
const moreRuns = 2

export class Trial {
  readonly #gpu: Gpu
  readonly #pipelines: Pipelines
  readonly #problem: Problem
  #data: { slices: Slice[]; sample: Sample } | undefined

  constructor(gpu: Gpu, pipelines: Pipelines, problem: Problem) {
    this.#gpu = gpu
    this.#pipelines = pipelines
    this.#problem = problem
  }

  /** Ahead of `run`, which tells of what does not compile; equal for candidates that differ in the sizes alone that come with the dispatch. */
  compile({ kernel }: Candidate): Promise<GPUComputePipeline | undefined> {
    return this.#pipelines.compile(kernel).catch(() => undefined)
  }

  /** Whether the candidate is right here, and with `timed` how long it takes. */
  async run({ kernel }: Candidate, timed: boolean): Promise<Outcome> {
    this.#data ??= await this.#gpu.checked(this.#problem.name, () => this.#upload())
    const { slices, sample } = this.#data
    const output = slices[sample.output]!
    let program: Program
    try {
      program = await Program.build(this.#gpu, this.#pipelines, 'trial', [{ kernel, slices }])
    } catch (error) {
      return { refused: error instanceof Error ? error.message : String(error) }
    }
    try {
      const { device } = this.#gpu
      const encoder = device.createCommandEncoder({ label: 'trial' })
      encoder.clearBuffer(output.buffer)
      device.queue.submit([encoder.finish()])
      await this.#time(program, 1)
      const wrong = sample.check(new Float32Array(await readBuffer(device, output.buffer, 0, output.size)))
      if (wrong) return { refused: wrong }
      return { milliseconds: timed ? await this.#milliseconds(program) : null }
    } finally {
      program.destroy()
    }
  }

  /** Of one dispatch: the best of some runs that are long beside what a submit takes that has nothing to do, less that. */
  async #milliseconds(program: Program): Promise<number> {
    const best = async (repeats: number, times: number, known = Infinity) => {
      let least = known
      for (let i = 0; i < times; i++) least = Math.min(least, await this.#time(program, repeats, least))
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
    time = await best(repeats, runs - 1 + (this.#gpu.waitingSpins ? moreRuns : 0), time)
    return Math.max(time - empty, time / 2) / repeats
  }

  release() {
    for (const { buffer } of this.#data?.slices ?? []) buffer.destroy()
    this.#data = undefined
  }

  async #time(program: Program, repeats: number, expected = Infinity): Promise<number> {
    const { queue } = this.#gpu.device
    const encoder = this.#gpu.device.createCommandEncoder({ label: 'trial' })
    const pass = encoder.beginComputePass({ label: 'trial' })
    for (let i = 0; i < repeats; i++) program.encode(pass)
    pass.end()
    const commands = encoder.finish()
    await queue.onSubmittedWorkDone()
    const begun = performance.now()
    queue.submit([commands])
    if (this.#gpu.waitingSpins && expected < Infinity) await sleep(expected * shareSlept)
    await queue.onSubmittedWorkDone()
    return performance.now() - begun
  }

  #upload() {
    const { device } = this.#gpu
    const sample = this.#problem.sample()
    const slices = sample.buffers.map((values, i): Slice => {
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
      const bytes = new Uint8Array(Math.max(16, Math.ceil(values.byteLength / 4) * 4)) // writeBuffer takes whole words
      bytes.set(new Uint8Array(values.buffer))
      const buffer = device.createBuffer({ label: `trial ${i}`, size: bytes.byteLength, usage })
      device.queue.writeBuffer(buffer, 0, bytes)
      return { buffer, offset: 0, size: buffer.size }
    })
    return { slices, sample }
  }
}

const sleep = (milliseconds: number) => new Promise((wake) => setTimeout(wake, milliseconds))
