/** The bar at the bottom: play, step, reset, speed, and the run's figures. */
import { useComputed, type ReadonlySignal } from '@preact/signals'
import { render } from 'preact'
import type { Session } from '../run/session.ts'
import type { State } from '../run/state.ts'
import { byId, h } from '../ui/dom.ts'
import { Icon } from '../ui/elements.tsx'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import { doneOf, phaseOf } from '../words/waiting.ts'
import { Captions } from './captions.tsx'
import { runEnd } from './run-end.ts'

/** Steps a second that the slider stops at; null: as fast as it goes. */
const speeds: readonly (number | null)[] = [1, 5, 20, 60, 200, 1000, null]

export function transport(session: Session, playStep: () => void): void {
  render(<Transport session={session} playStep={playStep} />, byId('transport'))
  const captions = h('div', { class: 'captions' })
  byId('caption').append(captions)
  render(<Captions session={session} />, captions)
}

/** Pressed twice within a step, it plays on. */
export function toggle({ runner, state }: Session): void {
  if (state.value.playing && runner.wantsPlay) runner.pause()
  else runner.play()
}

type Seen = ReadonlySignal<State>

function Transport({ session, playStep }: { session: Session; playStep: () => void }) {
  const state = session.state.signal
  return (
    <>
      <Progress state={state} />
      <Buttons session={session} playStep={playStep} />
      <Speed state={state} set={(value) => session.runner.setSpeed(value)} />
      <Figures state={state} />
    </>
  )
}

function Buttons({ session, playStep }: { session: Session; playStep: () => void }) {
  const state = session.state.signal
  const isEmpty = useComputed(() => state.value.running === null).value
  const isPlaying = useComputed(() => state.value.playing).value
  const more = useComputed(() => runEnd(state.value)?.more ?? null).value
  const hasEnded = useComputed(() => runEnd(state.value) !== null).value
  const name = isPlaying
    ? t('shell.pause')
    : !hasEnded
      ? t('shell.play')
      : more === null
        ? t('shell.trainOn')
        : t('shell.trainOnMore', { epochs: format.epochs(more) })
  return (
    <div class="transport-buttons">
      <button
        type="button"
        class="button"
        id="play"
        title={t('shell.spaceKey', { name })}
        aria-label={name}
        disabled={isEmpty}
        data-labelled={hasEnded ? '' : undefined}
        onClick={() => toggle(session)}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
        {hasEnded && t('shell.trainOn')}
      </button>
      <button
        type="button"
        class="icon-button"
        id="step"
        title={t('shell.stepKey')}
        aria-label={t('shell.step')}
        disabled={isEmpty}
        onClick={playStep}
      >
        <Icon name="step" />
      </button>
      <button
        type="button"
        class="icon-button"
        id="reset"
        title={t('shell.resetKey')}
        aria-label={t('shell.reset')}
        disabled={isEmpty}
        onClick={() => void session.reset()}
      >
        <Icon name="reset" />
      </button>
    </div>
  )
}

function Speed({ state, set }: { state: Seen; set(value: number | null): void }) {
  const speed = useComputed(() => state.value.speed).value
  const last = speeds.length - 1
  const known = speeds.indexOf(speed)
  const at = known < 0 ? last : known
  return (
    <div class="speed">
      <span>
        <i>{t('shell.speed')}</i>
        <b>{speed === null ? t('shell.unlimited') : t('shell.perSecond', { steps: speed })}</b>
      </span>
      <input
        type="range"
        id="speed"
        min={0}
        max={last}
        step={1}
        value={at}
        aria-label={t('shell.speedLimit')}
        aria-valuetext={speed === null ? t('shell.asFastAsItGoes') : t('shell.stepsPerSecond', { steps: speed })}
        style={{ '--filled': `${(100 * at) / last}%` }}
        onInput={({ currentTarget }) => set(speeds[Number(currentTarget.value)] ?? null)}
      />
    </div>
  )
}

function Figures({ state }: { state: Seen }) {
  const { epoch, step, loss, stepsPerSecond } = useComputed(() => state.value.live).value
  const epochs = useComputed(() => state.value.running?.epochs ?? null).value
  return (
    <dl class="figures">
      <Figure
        name="epoch"
        label={t('shell.figure.epoch')}
        value={epoch >= 1000 ? format.integer(epoch) : epoch.toFixed(epoch >= 100 ? 1 : 2)}
        title={epochs ? t('shell.ofEpochs', { epochs: String(epochs) }) : undefined}
      />
      <Figure name="step" label={t('shell.figure.step')} value={format.integer(step)} />
      <Figure name="loss" label={t('shell.figure.loss')} value={format.loss(loss)} />
      <Figure name="rate" label={t('shell.figure.rate')} value={stepsPerSecond > 0 ? format.rate(stepsPerSecond) : '–'} />
    </dl>
  )
}

function Figure({ name, label, value, title }: { name: string; label: string; value: string; title?: string | undefined }) {
  return (
    <div class={`figure ${name}`} title={title}>
      <dt>{label}</dt>
      <dd id={`figure-${name}`}>{value}</dd>
    </div>
  )
}

function Progress({ state }: { state: Seen }) {
  const work = useComputed(() => state.value.work).value
  const done = doneOf(work)
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={t('shell.preparingRun')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * (done ?? 0))}
      aria-valuetext={phaseOf(work)}
      data-shown={done === null ? undefined : ''}
    >
      <span style={{ transform: `scaleX(${done === null ? 1 : Math.max(0.04, done)})` }} />
    </div>
  )
}
