/** A run whose loss is no number any more stops, and is asked where that came from. */
import { signal } from '@preact/signals'
import { render } from 'preact'
import type { Diagnosed, NotFiniteWatch } from '../../answers/not-finite-watch.ts'
import type { ObservedColumn } from '../../graph/observation.ts'
import type { Trainer } from '../../train/types.ts'
import { byId } from '../ui/dom.ts'
import { said, t } from '../words/language.ts'
import { selectionOf } from './health/selection.ts'
import type { Page } from './questions.ts'

/** What is told of a run that stopped; `diagnosed` once it has been found. */
interface Stopped {
  trainer: Trainer
  step: number
  diagnosed: Diagnosed | null
}

export function stopWhereNotFinite(page: Page): void {
  const { session } = page
  const stopped = signal<Stopped | null>(null)
  let watch: NotFiniteWatch | null = null
  let watched: { trainer: Trainer; generation: number } | null = null
  /** Of a run that was stopped and goes on as it is, nothing more is told. */
  let told: { trainer: Trainer; generation: number } | null = null
  let turn: Promise<void> = Promise.resolve()

  const forget = () => {
    stopped.value?.diagnosed?.lastGood?.destroy()
    stopped.value = null
  }
  const isAtHand = (trainer: Trainer) => session.trainer === trainer
  /** Begins with the run as it is now: what it did before is not needed any more, or was done by other settings. */
  const begin = () => {
    const { trainer } = session
    if (!trainer) return
    watched = { trainer, generation: session.runner.generation }
    const own = watched
    turn = turn.then(async () => {
      if (watched !== own || !isAtHand(trainer)) return
      const { NotFiniteWatch } = await import('../../answers/not-finite-watch.ts')
      watch?.destroy()
      watch = new NotFiniteWatch(trainer, runOf(page))
      await watch.begin().catch(() => {}) // a run that has gone meanwhile is told of elsewhere
    })
  }
  const look = () => {
    const { trainer, runner, state } = session
    if (!trainer) return
    if (watched?.trainer !== trainer || watched.generation !== runner.generation) {
      if (stopped.value && (stopped.value.trainer !== trainer || stopped.value.step > trainer.step)) forget()
      return begin()
    }
    const { loss, step } = state.value.live
    if (loss === null || Number.isFinite(loss)) return void watch?.see({ step, losses: new Float32Array() })
    if (told?.trainer === trainer && told.generation === runner.generation) return
    told = watched
    runner.pause()
    void diagnose(trainer)
  }
  const diagnose = async (trainer: Trainer) => {
    const { history } = trainer
    const step = history.step[history.loss.indexOf(null)] ?? trainer.step
    stopped.value = { trainer, step, diagnosed: null }
    try {
      const diagnosed = await session.measure(async () => {
        await turn
        if (!watch || !isAtHand(trainer)) return null
        watch.see({ step, losses: Float32Array.of(NaN) })
        return watch.diagnose()
      })
      if (stopped.value?.trainer !== trainer || !diagnosed) return diagnosed?.lastGood?.destroy()
      stopped.value = { trainer, step, diagnosed }
      const layer = diagnosed.found?.layer
      if (layer) light(page, layer)
      page.refresh()
    } catch (error) {
      if (isAtHand(trainer)) console.warn(error)
      forget()
    }
  }
  const back = async (slower: boolean) => {
    const { trainer, diagnosed } = stopped.value!
    const snapshot = diagnosed?.lastGood
    if (!snapshot || !isAtHand(trainer)) return forget()
    await session.measure(() => trainer.restore(snapshot))
    session.runner.retell()
    forget()
    if (slower) session.edit(({ training }) => void (training.optimizer.learningRate /= 2), 'learningRate')
    page.refresh()
  }

  session.runner.onSteps(look)
  session.state.watch(
    ({ live }) => live.loss,
    () => look(),
  )
  session.state.watch(
    ({ running }) => running,
    () => begin(),
  )
  const host = document.createElement('div')
  byId('notices').before(host)
  render(<Notice stopped={stopped} back={(slower) => void back(slower)} close={forget} />, host)
}

/** What a run's bits depend on beside its trainer: a plateau schedule on its evaluations. */
function runOf({ session }: Page) {
  const { evaluateEvery, earlyStopping } = session.state.value.running ?? {}
  return { run: { goal: Infinity, ...(evaluateEvery && { evaluateEvery }), ...(earlyStopping && { earlyStopping }) } }
}

/** Marks the first column of the picture that a layer leads to. */
function light(page: Page, layer: string): void {
  const columns = page.session.trainer?.observation().columns ?? []
  const own = placeOf(layer)
  const found = columns.find(({ path }) => path === layer) ?? columns.find((column) => follows(column, own))
  if (!found) return
  const selection = selectionOf(page)
  selection.show(true)
  if (selection.selected.value !== found.path) selection.choose({ outputPath: found.path })
}

type Place = { list: string; number: number } | null
function placeOf(path: string): Place {
  const found = /^(.*)\.(\d+)$/.exec(path)
  return found && { list: found[1]!, number: Number(found[2]) }
}
function follows({ path }: ObservedColumn, own: Place): boolean {
  const place = placeOf(path)
  return place !== null && own !== null && place.list === own.list && place.number >= own.number
}

interface NoticeProps {
  stopped: { readonly value: Stopped | null }
  back(slower: boolean): void
  close(): void
}

function Notice({ stopped, back, close }: NoticeProps) {
  const now = stopped.value
  if (!now) return null
  const { diagnosed, step } = now
  const good = diagnosed?.lastGood
  return (
    <section class="glass not-finite" role="alert" aria-label={t('notFinite.title')}>
      <p>
        <b>{t('notFinite.stopped', { step })}</b>{' '}
        {!diagnosed ? t('notFinite.looking') : diagnosed.found ? said(diagnosed.found.sentence) : t('notFinite.unfound')}
      </p>
      <div class="not-finite-ways">
        {good && (
          <>
            <button type="button" class="button primary" onClick={() => back(false)}>
              {t('notFinite.back', { step: good.step })}
            </button>
            <button type="button" class="button" onClick={() => back(true)}>
              {t('notFinite.slower')}
            </button>
          </>
        )}
        <button type="button" class="button" disabled={!diagnosed} onClick={close}>
          {t('notFinite.close')}
        </button>
      </div>
    </section>
  )
}
