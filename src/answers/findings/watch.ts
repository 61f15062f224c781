/** Watches a run: takes what happens, judges at every look, and tells what it finds. Nothing but what it is given decides, so the same run gives the same findings. */
import type { Health } from '../../inspect/health.ts'
import type { ModelFile } from '../../model/types.ts'
import type { NotFinite } from '../not-finite.ts'
import { LossCourse } from './course.ts'
import { offered } from './cures/offered.ts'
import { learningOf, stretchOf, type ClassErrors, type Evaluated, type Evidence } from './evidence.ts'
import type { DataFacts } from './facts.ts'
import { kinds, type Finding, type Hit, type Rule, type Severity } from './finding.ts'
import { nextLook } from './looks.ts'
import { limitsOf, rules, type Thresholds } from './rules.ts'

export interface WatchOptions {
  model: ModelFile
  data: DataFacts
  stepsPerEpoch: number
  /** Changed thresholds, by `kind.name`. */
  thresholds?: Thresholds
}

/** Hits of one rule in a row. */
interface Series {
  count: number
  first: number
  /** What the first of them saw: where it began is where to look. */
  hit: Hit
}

type Listener = (finding: Finding, isNew: boolean) => void

const gravity: readonly Severity[] = ['note', 'warning', 'critical']
/** Evaluations that are kept. */
const mostEvaluations = 1000

export class Watch {
  readonly #options: WatchOptions
  readonly #listeners = new Set<Listener>()
  #model: ModelFile
  #thresholds: Thresholds
  #course = new LossCourse()
  #start: Health | null = null
  #evaluations: Evaluated[] = []
  #classErrors: ClassErrors | null = null
  #series = new Map<string, Series>()
  #findings = new Map<string, Finding>()
  #next = nextLook(0)

  constructor(options: WatchOptions) {
    this.#options = options
    this.#model = options.model
    this.#thresholds = options.thresholds ?? {}
    this.#judge(0, null, (own) => isStatic(own))
  }

  /** What was found so far: what ends a run first, then by the step. */
  get findings(): Finding[] {
    return [...this.#findings.values()].toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.firstStep - b.firstStep)
  }

  /** The next step at which to look. */
  get next(): number {
    return this.#next
  }

  /** The last step whose loss is known. */
  get step(): number {
    return this.#course.step
  }

  /** Whether the classes lie so that it matters how each fares: then `classErrors` is to be told at a look, now and then. */
  get wantsClassErrors(): boolean {
    const { classes } = this.#options.data
    if (!classes) return false
    const counts = classes.map(({ count }) => count).filter((count) => count > 0)
    return (
      Math.max(...counts) >
      limitsOf(
        rules.find(({ kind }) => kind === 'imbalance')!,
        this.#thresholds,
      )['ratio']! *
        Math.min(...counts)
    )
  }

  /** Hears of a finding, and of each look that sees it again. Returns what ends it. */
  onFinding(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Settings that have changed while the run goes on: the rate, say. */
  set model(model: ModelFile) {
    this.#model = model
  }

  /** Holds from the next look on. */
  set thresholds(thresholds: Thresholds) {
    this.#thresholds = thresholds
    this.#series.clear()
  }

  /** The losses of the next steps, each measured before its update. */
  losses(losses: Iterable<number>): void {
    for (const loss of losses) this.#course.add(loss)
  }

  /** What the test part gave after a step. */
  evaluated({ step, loss }: { step: number; loss: number }): void {
    const train = this.#course.span(step - Math.min(stretchOf(step), this.#options.stepsPerEpoch), step)?.mean ?? NaN
    this.#evaluations.push({ step, test: loss, train })
    if (this.#evaluations.length > mostEvaluations) this.#evaluations.splice(1, 1)
  }

  classErrors(errors: ClassErrors): void {
    this.#classErrors = errors
  }

  /** What the first number that is not finite came out of, of a run that `notFinite` was found in. */
  explain({ operation, direction, element, inputs, origin, layer, step, sentence }: NotFinite): void {
    const finding = this.#findings.get('notFinite')
    if (!finding) return
    const firstStep = Math.min(step, finding.firstStep)
    this.#findings.set('notFinite', { ...finding, layer, firstStep, sentence, cause: { operation, direction, element, inputs, origin } })
  }

  /** Judges all that is known; with a reading, what layers and neurons do as well. Before the step that is `next` it does nothing. */
  look(health: Health | null = null): void {
    const step = health?.step ?? this.#course.step
    if (step < this.#next && !this.#isBroken(step)) return
    this.#next = nextLook(step)
    this.#start ??= health
    this.#judge(step, health, (own) => !isStatic(own) && (health !== null || !own.needs.includes('layers') || own.kind === 'notFinite'))
  }

  /** A loss that is not finite waits for no look. */
  #isBroken(step: number): boolean {
    return this.#course.nonFiniteStep !== undefined && step >= this.#course.nonFiniteStep && !this.#findings.has('notFinite')
  }

  #judge(step: number, health: Health | null, isDue: (own: Rule) => boolean): void {
    const { data, stepsPerEpoch } = this.#options
    const evidence: Evidence = {
      step,
      model: this.#model,
      data,
      course: this.#course,
      stepsPerEpoch,
      health,
      start: this.#start,
      evaluations: this.#evaluations,
      classErrors: this.#classErrors,
      learning: learningOf(this.#course, data),
    }
    for (const own of rules.filter(isDue)) {
      const { hits: needed, ...limits } = limitsOf(own, this.#thresholds)
      const hits = new Map(own.judge(evidence, limits).map((hit, i) => [keyOf(own, hit, i), hit]))
      for (const key of this.#series.keys()) if (kindOf(key) === own.kind && !hits.has(key)) this.#series.delete(key)
      for (const [key, hit] of hits) {
        const series = this.#series.get(key) ?? { count: 0, first: step, hit }
        series.count++
        this.#series.set(key, series)
        if (series.count >= needed!)
          this.#tell(key, own, own.perLayer || hit.layer === null ? hit : series.hit, series.first, step, evidence)
      }
    }
  }

  #tell(key: string, own: Rule, hit: Hit, first: number, step: number, evidence: Evidence): void {
    const before = this.#findings.get(key)
    if (before?.cause) return void this.#findings.set(key, { ...before, lastStep: step })
    const { remedies: _, ...seen } = hit
    const severity = gravity[Math.max(gravity.indexOf(hit.severity), gravity.indexOf(before?.severity ?? 'note'))]!
    const cures = before?.cures ?? offered(this.#model, own.cures(evidence, hit), this.#options.data.count)
    const finding: Finding = {
      kind: own.kind,
      ...seen,
      severity,
      firstStep: before?.firstStep ?? first,
      lastStep: step,
      foundStep: before?.foundStep ?? step,
      cures,
    }
    this.#findings.set(key, finding)
    for (const listener of this.#listeners) listener(finding, !before)
  }
}

/** What model and data alone decide. */
const isStatic = ({ needs }: Rule): boolean => needs.every((need) => need === 'data' || need === 'model')

const keyOf = ({ kind, perLayer }: Rule, { layer }: Hit, index: number): string =>
  perLayer ? `${kind}:${layer ?? ''}:${kind === 'lint' ? index : ''}` : kind
const kindOf = (key: string): string => key.split(':')[0]!
