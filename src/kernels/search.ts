/** The search for the kernel that is right and fastest for one problem on this adapter. */
import type { Gpu } from '../gpu/device.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import type { Candidate, Problem } from './problem.ts'
import { Trial } from './trial.ts'

/** What was found for one problem. `milliseconds` of one dispatch, by variant; `tied` when the next best is within the noise. */
export interface TuningRecord {
  product: string
  /** Of one dispatch; multiply-adds count as two. */
  flops: number
  variant: string
  milliseconds: Record<string, number>
  tied: boolean
  /** Variants that gave wrong numbers or did not compile here, and how. */
  refused: Record<string, string>
}

/** Differences below this share of the time are noise: the earlier candidate, which compiles sooner, keeps its place. */
const noise = 0.04

/** The candidates of one problem, tried in order. */
export class Search {
  readonly #problem: Problem
  readonly #trial: Trial
  readonly #queue: Candidate[]
  readonly #times: Record<string, number>
  readonly #refused: Record<string, string>
  /** With nothing to compare it to, what is right is not timed. */
  readonly #timed: boolean
  /** What has solved some problem rightly, here and in other searches. */
  readonly #right: Set<GPUComputePipeline>
  /** What the caller wants taken where it is right; undefined once it was tried. */
  #given: Candidate | undefined
  #isGiven = false
  #best: { candidate: Candidate; milliseconds: number; remembered: boolean } | undefined

  /** With `all` what was found before decides the order alone. A `given` candidate that is right ends the search. */
  constructor(
    gpu: Gpu,
    pipelines: Pipelines,
    problem: Problem,
    list: Candidate[],
    right: Set<GPUComputePipeline>,
    before: TuningRecord | undefined,
    all: boolean,
    given: Candidate | undefined,
  ) {
    this.#problem = problem
    this.#given = given
    this.#right = right
    this.#trial = new Trial(gpu, pipelines, problem)
    this.#timed = list.length > 1
    const [remembered, others] = [list.filter(({ name }) => name === before?.variant), list.filter(({ name }) => name !== before?.variant)]
    this.#times = all ? {} : { ...before?.milliseconds }
    this.#refused = all ? {} : { ...before?.refused }
    // What was best before is checked again; then what was not tried.
    const isKnown = ({ name }: Candidate) => remembered.length > 0 && (name in this.#times || name in this.#refused)
    this.#queue = [...remembered, ...others.filter((candidate) => !isKnown(candidate))]
  }

  get left(): number {
    return this.#given ? 1 : this.#queue.length
  }

  /** Of the best so far; Infinity where there is none, 0 where it has no rival and so was not timed. */
  get milliseconds(): number {
    return this.#best ? this.#best.milliseconds || 0 : Infinity
  }

  async compileNext(): Promise<void> {
    const next = this.#given ?? this.#queue[0]
    if (next) await this.#trial.compile(next)
  }

  async tryNext(timed = true): Promise<void> {
    if (this.#given) return this.#tryGiven(this.#given)
    const candidate = this.#queue.shift()
    if (!candidate) return
    const best = this.#best
    // A time of another day is compared with none of today.
    if (best?.remembered) {
      this.#best = undefined
      await this.#try(best.candidate, true)
    }
    await this.#try(candidate, timed && this.#timed && !(candidate.name in this.#times))
  }

  async #tryGiven(candidate: Candidate): Promise<void> {
    this.#given = undefined
    await this.#try(candidate, false)
    this.#isGiven = this.#best !== undefined
    if (this.#isGiven) this.#queue.length = 0
  }

  async #try(candidate: Candidate, timed: boolean): Promise<void> {
    const { name } = candidate
    const pipeline = await this.#trial.compile(candidate)
    const isKnown = !timed && pipeline !== undefined && this.#right.has(pipeline)
    const outcome = isKnown ? { milliseconds: null } : await this.#trial.run(candidate, timed)
    if (pipeline && !('refused' in outcome)) this.#right.add(pipeline)
    if ('refused' in outcome) {
      this.#refused[name] = outcome.refused
      delete this.#times[name]
      return
    }
    const remembered = this.#times[name]
    if (outcome.milliseconds !== null) this.#times[name] = outcome.milliseconds
    const milliseconds = this.#times[name] ?? NaN
    if (this.#best && !(milliseconds < this.#best.milliseconds * (1 - noise))) return
    this.#best = { candidate, milliseconds, remembered: !timed && remembered !== undefined }
  }

  /** Goes on past the budget until something right was found; the plain one is the last resort. */
  async settle(): Promise<void> {
    while (!this.#best && this.left) await this.tryNext(false)
  }

  result(): { candidate: Candidate; finding: TuningRecord; isGiven: boolean } {
    const { candidate, milliseconds } = this.#best ?? { candidate: this.#problem.plain, milliseconds: NaN }
    const { name } = candidate
    const { name: product, flops } = this.#problem
    const tied = Object.entries(this.#times).some(([other, time]) => other !== name && time < milliseconds * (1 + noise))
    return {
      candidate,
      finding: { product, flops, variant: name, milliseconds: this.#times, tied, refused: this.#refused },
      isGiven: this.#isGiven,
    }
  }

  /** Of the trial's buffers, which are made again where it goes on. */
  release() {
    this.#trial.release()
  }
}
