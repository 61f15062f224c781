/** Finds, for each problem of a plan, the kernel that is right and fastest on this adapter, before step 0. */
import type { Gpu } from '../gpu/device.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { shaderSource } from '../gpu/shader.ts'
import { adapterKindOf } from './adapter.ts'
import type { Candidate, Problem } from './problem.ts'
import { Search, type TuningRecord } from './search.ts'
import { inTurn } from './turn.ts'

/** Where findings outlive the page. A key stands for an adapter and the shaders that were tried on it. */
export interface TuningStore {
  read(key: string): Promise<Record<string, TuningRecord> | undefined>
  write(key: string, findings: Record<string, TuningRecord>): Promise<void>
}

export type { TuningRecord }

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

/** FNV-1a, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16)
}
