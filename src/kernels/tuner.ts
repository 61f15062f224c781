/** Finds, for each problem of a plan, the kernel that is right and fastest on this adapter, before step 0. */
import type { Gpu } from '../gpu/device.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { shaderSource } from '../gpu/shader.ts'
import type { Lanes } from './matmulVariants.ts'
import type { AdapterKind, Candidate, Problem } from './problem.ts'
import { Trial } from './trial.ts'
import { inTurn } from './turn.ts'

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

/** Where findings outlive the page. A key stands for an adapter and the shaders that were tried on it. */
export interface TuningStore {
  read(key: string): Promise<Record<string, TuningRecord> | undefined>
  write(key: string, findings: Record<string, TuningRecord>): Promise<void>
}

export interface TuningOptions {
  /** Milliseconds to spend on the whole plan; 6000 on a software adapter, where compiling is slow, else 1500. */
  budget?: number | undefined
  /** Steps that the plan is to run, if anybody knows: a short run is not worth a long search. */
  steps?: number | undefined
  /** Tries everything, whatever is known and however long it takes. */
  all?: boolean | undefined
  /**
   * Variants by the problem's name, as another run had them: taken without being timed where they are right here, and not remembered as findings. A problem
   * that is not named, or whose variant is not offered or not right on this adapter, is tuned as ever.
   */
  given?: Readonly<Record<string, string>> | undefined
  /** Ends the search where it is; the best so far are taken. */
  signal?: AbortSignal | undefined
  onProgress?: ((done: number) => void) | undefined
}

/** Differences below this share of the time are noise: the earlier candidate, which compiles sooner, keeps its place. */
const noise = 0.04

/** Below this share of the longest problem's time, another one's next candidate waits until that has no more. */
const minor = 0.25

/** A candidate takes so many times as long as the one before it in the list, which compiles sooner. */
const slowerLater = 2

/** Of the time that a run takes, what a search may take at most. */
const searchShare = 0.1

/** What the findings depend on. */
const tunedShaders = [
  'matmul',
  'matmulShared',
  'matmulStrips',
  'matmulOperands',
  'matmulLanes',
  'matmulProducts',
  'matmulResult',
  'matmulStore',
  'conv2d',
  'conv2dWeight',
  'columnSum',
]

export class Tuner {
  readonly #gpu: Gpu
  readonly #pipelines: Pipelines
  readonly #store: TuningStore | undefined
  readonly #key: string
  #findings: Promise<Record<string, TuningRecord>> | undefined

  constructor(gpu: Gpu, pipelines: Pipelines, store?: TuningStore) {
    this.#gpu = gpu
    this.#pipelines = pipelines
    this.#store = store
    this.#key = `${gpu.adapter.description} ${fingerprint(tunedShaders.map(shaderSource).join())}`
  }

  /** Everything known about this adapter, by product. */
  findings(): Promise<Record<string, TuningRecord>> {
    return (this.#findings ??= this.#read())
  }

  /** Forgets all that, once what is being tuned on this device is done. Where the store refuses, findings are forgotten until the next visit. */
  clear(): Promise<void> {
    return inTurn(this.#gpu.device, async () => {
      this.#findings = Promise.resolve({})
      await this.#write({})
    })
  }

  /**
   * A candidate for each problem by its name: what was found before, checked again, or what the budget's trials find now. Calls for one device run one after
   * the other, so that none times its kernels while another's are running.
   */
  tune(problems: readonly Problem[], options: TuningOptions = {}): Promise<Map<string, Candidate>> {
    return inTurn(this.#gpu.device, () => this.#tune(problems, options))
  }

  async #read(): Promise<Record<string, TuningRecord>> {
    try {
      return (await this.#store?.read(this.#key)) ?? {}
    } catch {
      return {} // a store that refuses has nothing
    }
  }

  async #write(findings: Record<string, TuningRecord>): Promise<void> {
    try {
      await this.#store?.write(this.#key, findings)
    } catch {
      // What a store does not keep is found again at the next visit.
    }
  }

  async #tune(problems: readonly Problem[], options: TuningOptions): Promise<Map<string, Candidate>> {
    const { software } = this.#gpu.adapter
    const { all = false, given = {}, steps = Infinity, signal, onProgress } = options
    const { budget = software ? 6000 : 1500 } = options
    const known = await this.findings()
    const distinct = [...new Map(problems.map((problem) => [problem.name, problem])).values()].sort((a, b) => b.flops - a.flops)
    const kind = adapterKindOf(this.#gpu, problems)
    const start = performance.now()
    const end = start + budget
    const chosen = new Map<string, Candidate>()
    const results: Record<string, TuningRecord> = {}
    const right = new Set<GPUComputePipeline>()
    const searches = distinct.map((problem) => {
      const list = problem.candidates(kind)
      const wanted = [...list, problem.plain].find(({ name }) => name === given[problem.name])
      return new Search(this.#gpu, this.#pipelines, problem, list, right, known[problem.name], all, wanted)
    })
    let tried = 0
    const total = searches.reduce((sum, search) => sum + search.left, 0)
    const timed = !all && Number.isFinite(budget)
    const tell = () => onProgress?.(Math.min(1, Math.max(tried / Math.max(1, total), timed ? 1 - (end - performance.now()) / budget : 0)))
    // One candidate for every problem first; then the next ones where most of the time goes, while another such round fits the budget.
    let pending = searches.filter((search) => search.left > 0)
    let each = 0 // milliseconds that a search took in the last round
    const isWorth = () => {
      const step = searches.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
      const round = each * pending.length * slowerLater
      return performance.now() + round < Math.min(end, start + steps * step * searchShare)
    }
    try {
      while (pending.length > 0 && !signal?.aborted && (all || each === 0 || isWorth())) {
        const begun = performance.now()
        // Side by side, and before anything is timed: compilers use every core.
        await Promise.all(pending.map((search) => search.compileNext()))
        for (const search of pending) {
          if (signal?.aborted) break
          // Past the budget nothing will be compared with what is tried now: it is checked alone, if it was not with other sizes.
          await search.tryNext(!timed || tried === 0 || performance.now() < end)
          tried++
          tell()
        }
        each = (performance.now() - begun) / pending.length
        const unfinished = searches.filter((search) => search.left > 0)
        const longest = Math.max(...unfinished.map(({ milliseconds }) => milliseconds))
        pending = all ? unfinished : unfinished.filter(({ milliseconds }) => milliseconds >= longest * minor)
        for (const search of searches) if (!pending.includes(search)) search.release()
      }
      for (const search of searches) {
        await search.settle()
        search.release()
        const { candidate, finding, isGiven } = search.result()
        chosen.set(finding.product, candidate)
        if (!isGiven) results[finding.product] = finding
      }
    } finally {
      for (const search of searches) search.release()
    }
    this.#findings = Promise.resolve({ ...known, ...results })
    // Another engine may have written to the same store meanwhile.
    if (Object.keys(results).length > 0) await this.#write({ ...(await this.#read()), ...results })
    onProgress?.(1)
    return chosen
  }
}

/** The candidates of one problem, tried in order. */
class Search {
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

/** Problems above which a plan's compiling would take longer than many of its steps. */
const crowd = 64

export const adapterKindOf = (gpu: Gpu, problems: readonly Problem[]): AdapterKind => ({
  software: gpu.adapter.software,
  lanes: lanesOf(gpu),
  crowded: new Set(problems.map(({ name }) => name)).size > crowd,
})

export const lanesOf = ({ features, adapter, device }: Gpu): Lanes => ({
  subgroups: features.subgroups,
  size: adapter.subgroupSize,
  workgroupBytes: device.limits.maxComputeWorkgroupStorageSize,
})

/** FNV-1a, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16)
}
