/** The optimizers beside each other, each at the learning rate that its own test suggests. */
import { signal } from '@preact/signals'
import { contenderOf, contenders, optimizerOf, type Contender } from '../../../answers/optimizers.ts'
import { rateTest } from '../../../answers/rate/test.ts'
import { patchBetween } from '../../../model/patch.ts'
import { message, type Message } from '../../../words/say.ts'
import { fittingModel } from '../../run/describe.ts'
import { runOf } from '../../run/experiments.ts'
import type { Session } from '../../run/session.ts'
import type { Told } from '../../run/state.ts'

/** Seconds that the rates of one optimizer are tested where networks train one after the other. */
const budget = 20

interface Tested {
  contender: Contender
  rate: number | null
}

export class Race {
  readonly progress = signal<{ done: number; at: number; name: Message }>({ done: 0, at: 1, name: contenders[0]!.title })
  readonly #session: Session
  readonly #controller = new AbortController()

  constructor(session: Session) {
    this.#session = session
  }

  cancel(): void {
    this.#controller.abort()
  }

  /** Resolves to what is told when all train, or null; a race that is cancelled changes nothing. */
  async run(): Promise<Told | null> {
    const { state, engine } = this.#session
    const { draft, dataset } = state.value
    if (!draft || !dataset) return message('problem.noData')
    const run = runOf(draft)
    const { perturbation, shuffle } = run
    const tested: Tested[] = []
    try {
      for (const [i, contender] of contenders.entries()) {
        const tell = (done: number) => (this.progress.value = { done: (i + done) / contenders.length, at: i + 1, name: contender.title })
        tell(0)
        const { optimizer } = run.training
        const own = { ...run, training: { ...run.training, optimizer: optimizerOf(contender, optimizer, optimizer.learningRate) } }
        const { suggested } = await this.#session.measure(() =>
          rateTest(engine, fittingModel(own, dataset), dataset, {
            budget,
            perturbation,
            shuffle,
            signal: this.#controller.signal,
            onProgress: tell,
          }),
        )
        tested.push({ contender, rate: suggested })
      }
    } catch (error) {
      if (this.#controller.signal.aborted) return null
      throw error
    }
    return this.#begin(run, tested)
  }

  #begin(run: ReturnType<typeof runOf>, tested: readonly Tested[]): Told | null {
    const { optimizer } = run.training
    const rated = tested.filter((one): one is { contender: Contender; rate: number } => one.rate !== null)
    const own = contenderOf(optimizer)
    const change = (contender: Contender, rate: number) =>
      patchBetween({ optimizer }, { optimizer: optimizerOf(contender, optimizer, rate) })
    const at = rated.find(({ contender }) => contender === own)
    const refused = this.#session.experiments.beginAnew(
      at ? { optimizer: { learningRate: at.rate } } : {},
      rated.filter((one) => one !== at).map(({ contender, rate }) => ({ title: contender.title, change: change(contender, rate) })),
      own.title,
    )
    const without = tested.filter(({ rate }) => rate === null).map(({ contender }) => contender.title)
    return refused ?? (without.length > 0 ? message('contest.noRate', { names: without }) : null)
  }
}
