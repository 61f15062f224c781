/** A run whose loss is no number any more stops, and is asked where that came from. */
import { signal } from '@preact/signals'
import { render } from 'preact'
import type { Diagnosed, NotFiniteWatch } from '../../answers/not-finite-watch.ts'
import type { ObservedColumn } from '../../graph/observation.ts'
import { same } from '../../same.ts'
import type { RunOptions, Trainer } from '../../train/types.ts'
import { takeSettings } from '../run/live-settings.ts'
import { byId } from '../ui/dom.ts'
import { saidBy, t } from '../words/language.ts'
import { layerNames } from '../words/layer-names.ts'
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
  const { runner } = session
  const stopped = signal<Stopped | null>(null)
  const loaded = import('../../answers/not-finite-watch.ts')
  loaded.catch(() => {}) // whoever awaits it hears of it
  let watched: Watched | null = null
  /** Of a run that was stopped and goes on as it is, nothing more is told. */
  let told: Watched | null = null

  const forget = () => {
    stopped.value?.diagnosed?.lastGood?.destroy()
    stopped.value = null
  }
  const isAtHand = (trainer: Trainer) => session.trainer === trainer
  const begin = async (trainer: Trainer) => {
    const run = runOf(page)
    const { generation } = runner
    if (watched && watched.trainer === trainer && watched.generation === generation && same(watched.run, run)) return
    watched?.watch.destroy()
    watched = null
    const { NotFiniteWatch } = await loaded
    const watch = new NotFiniteWatch(trainer, { run })
    await watch.begin()
    watched = { trainer, generation, run, watch }
  }
  const look = () => {
    const { trainer, state } = session
    if (!trainer) return
    if (stopped.value && (stopped.value.trainer !== trainer || stopped.value.step > trainer.step)) forget()
    if (watched?.trainer !== trainer || watched.generation !== runner.generation) return
    const { loss, step } = state.value.live
    if (loss === null || Number.isFinite(loss)) return void watched.watch.see({ step, losses: new Float32Array() })
    if (told === watched) return
    told = watched
    runner.pause()
    void diagnose(watched)
  }
  const diagnose = async ({ trainer, watch }: Watched) => {
    const step = firstBad(trainer)
    stopped.value = { trainer, step, diagnosed: null }
    try {
      const diagnosed = await session.measure(async () => {
        if (!isAtHand(trainer)) return null
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
  /** Back to the run as it was, its settings too; `slower`: and on from there at half their rate. */
  const back = async (slower: boolean) => {
    const { trainer, diagnosed } = stopped.value!
    const snapshot = diagnosed?.lastGood
    if (!snapshot || !isAtHand(trainer)) return forget()
    await session.measure(() => trainer.restore(snapshot))
    runner.retell()
    forget()
    const { settings } = trainer
    const learningRate = settings.optimizer.learningRate / (slower ? 2 : 1)
    session.edit(
      (description) => takeSettings(description, { ...settings, optimizer: { ...settings.optimizer, learningRate } }),
      'learningRate',
    )
    page.refresh()
  }

  runner.onBegin((trainer) => begin(trainer).catch(() => {})) // a trainer that is gone is told of elsewhere
  runner.onSteps(look)
  session.state.watch(
    ({ live }) => live.loss,
    () => look(),
  )
  const host = document.createElement('div')
  byId('notices').before(host)
  render(<Notice stopped={stopped} back={(slower) => void back(slower)} close={forget} />, host)
}

interface Watched {
  trainer: Trainer
  generation: number
  run: RunOptions
  watch: NotFiniteWatch
}

/** What a run's bits depend on beside its trainer: a plateau schedule on its evaluations. */
function runOf({ session }: Page): RunOptions {
  const { evaluateEvery, earlyStopping } = session.state.value.running ?? {}
  return { goal: Infinity, ...(evaluateEvery && { evaluateEvery }), ...(earlyStopping && { earlyStopping }) }
}

/** The first step whose loss is not finite. */
function firstBad({ history, step }: Trainer): number {
  if (history.every !== undefined) return history.nonFiniteStep ?? step
  return history.step[history.loss.indexOf(null)] ?? step
}

/** Marks the first column of the picture that a layer leads to. */
function light(page: Page, layer: string): void {
  const columns = page.session.trainer?.observation().columns ?? []
  const own = placeOf(layer)
  const found = columns.find(({ path }) => path === layer) ?? columns.find((column) => follows(column, own))
  if (!found) return
  const selection = selectionOf(page)
  selection.show(true)
  selection.light(found.path)
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
        {!diagnosed
          ? t('notFinite.looking')
          : diagnosed.found
            ? saidBy((path) => layerNames(now.trainer.model.layers).get(path), diagnosed.found.sentence)
            : t(`notFinite.${diagnosed.unfound ?? 'rounding'}`)}
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
