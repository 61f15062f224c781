/** Finds, for each matrix product of a plan, the variant that is right and fastest on this adapter, before step 0. */
import type { Gpu } from '../gpu/device.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { shaderSource } from '../gpu/shader.ts'
import type { MatmulEpilogue } from './matmul.ts'
import { candidates, plainTile, variantName, type Lanes, type MatmulVariant } from './matmulVariants.ts'
import type { MatmulShape } from './reference/matmul.ts'
import { Trial } from './trial.ts'

export interface Product {
  shape: MatmulShape
  epilogue: MatmulEpilogue
}

/** What was found for one product. `milliseconds` of one dispatch, by variant; `tied` when the next best is within the noise. */
export interface Finding {
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
  read(key: string): Promise<Record<string, Finding> | undefined>
  write(key: string, findings: Record<string, Finding>): Promise<void>
}

export interface TuningOptions {
  /** Milliseconds to spend on the whole plan. */
  budget?: number
  /** Tries everything, whatever is known and however long it takes. */
  all?: boolean
  onProgress?: ((done: number) => void) | undefined
  /** Instead of the adapter's own list; for tests. */
  candidates?: (shape: MatmulShape) => MatmulVariant[]
}

/** Differences below this share of the time are noise: the earlier candidate, which compiles sooner, keeps its place. */
const noise = 0.04

export const productName = ({ shape, epilogue }: Product): string => {
  const { m, n, k, transposeA, transposeB, half, batch = 1 } = shape
  const { bias, activation, derivative, keep, scaled } = epilogue
  const words = [half && 'f16', scaled && 'scaled', bias && 'bias', activation, derivative && `${derivative}′`, keep && 'keep'].filter(Boolean)
  return `matmul ${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'} ${m}×${n}×${k}${batch > 1 ? `×${batch}` : ''}${words.length ? ` ${words.join(' ')}` : ''}`
}

/** Products below this many operations take the plain tile untried: they are over before a better one has paid for its compiling. */
const smallProduct = 2e6

const flops = ({ shape: { m, n, k, batch = 1 } }: Product) => 2 * m * n * k * batch

export class Tuner {
  readonly #gpu: Gpu
  readonly #pipelines: Pipelines
  readonly #store: TuningStore | undefined
  readonly #key: string
  #findings: Record<string, Finding> | undefined

  constructor(gpu: Gpu, pipelines: Pipelines, store?: TuningStore) {
    this.#gpu = gpu
    this.#pipelines = pipelines
    this.#store = store
    this.#key = `${gpu.adapter.description} ${fingerprint(['matmul', 'matmulShared', 'matmulOperands', 'matmulStore'].map(shaderSource).join())}`
  }

  /** Everything known about this adapter, by product. */
  async findings(): Promise<Record<string, Finding>> {
    return (this.#findings ??= (await this.#store?.read(this.#key).catch(() => undefined)) ?? {})
  }

  async clear(): Promise<void> {
    this.#findings = {}
    await this.#store?.write(this.#key, {})
  }

  /** A variant for each product by `productName`: what was found before, checked again, or what the budget's trials find now. */
  async tune(products: readonly Product[], options: TuningOptions = {}): Promise<Map<string, MatmulVariant>> {
    const { software } = this.#gpu.adapter
    const { all = false, onProgress } = options
    const { budget = all ? Infinity : software ? 3000 : 1500 } = options
    const known = await this.findings()
    const distinct = [...new Map(products.map((product) => [productName(product), product])).values()].sort((a, b) => flops(b) - flops(a))
    const lanes = lanesOf(this.#gpu)
    const chosen = new Map<string, MatmulVariant>()
    const end = performance.now() + budget
    const searches = distinct.map((product) => {
      const name = productName(product)
      const list =
        options.candidates?.(product.shape) ??
        (flops(product) < smallProduct ? [plainTile] : candidates(product.shape, { software, lanes }))
      const before = all ? undefined : known[name]
      const remembered = list.find((variant) => variantName(variant) === before?.variant)
      return new Search(this.#gpu, this.#pipelines, product, remembered ? [remembered] : list, remembered ? before : undefined)
    })
    let tried = 0
    const total = searches.reduce((sum, search) => sum + search.left, 0)
    const tell = () => onProgress?.(Math.min(1, Math.max(tried / Math.max(1, total), 1 - (end - performance.now()) / budget)))
    // One candidate for every product first; then the next ones, while another such round fits the budget.
    let round = 0
    do {
      const begun = performance.now()
      const pending = searches.filter((search) => search.left > 0)
      // Side by side, and before anything is timed: compilers use every core.
      await Promise.all(pending.map((search) => search.compileNext()))
      for (const search of pending) {
        await search.tryNext()
        tried++
        tell()
      }
      round = performance.now() - begun
    } while (searches.some((search) => search.left > 0) && performance.now() + round < end)
    for (const search of searches) {
      await search.settle()
      const { variant, finding } = search.result()
      chosen.set(search.name, variant)
      known[search.name] = finding
      search.destroy()
    }
    await this.#store?.write(this.#key, known).catch(() => {})
    onProgress?.(1)
    return chosen
  }
}

/** The candidates of one product, tried in order. */
class Search {
  readonly name: string
  readonly #flops: number
  readonly #trial: Trial
  readonly #queue: MatmulVariant[]
  readonly #times: Record<string, number>
  readonly #refused: Record<string, string>
  /** With nothing to compare it to, what is right is not timed. */
  readonly #timed: boolean
  #best: { variant: MatmulVariant; milliseconds: number } | undefined

  constructor(gpu: Gpu, pipelines: Pipelines, product: Product, list: MatmulVariant[], before?: Finding) {
    this.name = productName(product)
    this.#flops = flops(product)
    this.#trial = new Trial(gpu, pipelines, product)
    this.#queue = [...list]
    this.#timed = list.length > 1
    this.#times = { ...before?.milliseconds }
    this.#refused = { ...before?.refused }
  }

  get left(): number {
    return this.#queue.length
  }

  async compileNext(): Promise<void> {
    if (this.#queue[0]) await this.#trial.compile(this.#queue[0])
  }

  async tryNext(): Promise<void> {
    const variant = this.#queue.shift()
    if (!variant) return
    const name = variantName(variant)
    const outcome = await this.#trial.run(variant, this.#timed)
    if ('refused' in outcome) this.#refused[name] = outcome.refused
    else {
      const { milliseconds } = outcome
      if (milliseconds !== null) this.#times[name] = milliseconds
      const time = milliseconds ?? this.#times[name] ?? NaN
      if (!this.#best || time < this.#best.milliseconds * (1 - noise)) this.#best = { variant, milliseconds: time }
    }
  }

  /** Goes on past the budget until something right was found; the plain tile is the last resort. */
  async settle(): Promise<void> {
    while (!this.#best && this.left) await this.tryNext()
  }

  result(): { variant: MatmulVariant; finding: Finding } {
    const { variant, milliseconds } = this.#best ?? { variant: plainTile, milliseconds: NaN }
    const name = variantName(variant)
    const tied = Object.entries(this.#times).some(([other, time]) => other !== name && time < milliseconds * (1 + noise))
    return {
      variant,
      finding: { product: this.name, flops: this.#flops, variant: name, milliseconds: this.#times, tied, refused: this.#refused },
    }
  }

  destroy() {
    this.#trial.destroy()
  }
}

export function lanesOf({ features, device }: Gpu): Lanes {
  const { subgroupMinSize = 0, subgroupMaxSize = 0 } = (device.adapterInfo ?? {}) as { subgroupMinSize?: number; subgroupMaxSize?: number }
  return { subgroups: features.subgroups, size: subgroupMinSize === subgroupMaxSize ? subgroupMinSize : 0 }
}

/** FNV-1a, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16)
}
