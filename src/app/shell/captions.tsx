/** What is said of the run over its transport: what it waits for, and how it ended. */
import { useComputed, useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Session } from '../run/session.ts'
import { Icon } from '../ui/elements.tsx'
import { said, t } from '../words/language.ts'
import { isFirstStep, Waiting } from '../words/waiting.ts'
import { earlyEnds, runEnd } from './run-end.ts'

/** What is over sooner, in ms, is not told. */
const patience = 400
/** How often waiting is told anew, in ms. */
const tellEvery = 1000

export const Captions = ({ session }: { session: Session }) => (
  <>
    <Doing session={session} />
    <Ending session={session} />
  </>
)

/** Preparing, and then the first step: on a slow adapter either may take long. */
function Doing({ session }: { session: Session }) {
  const state = session.state.signal
  const wait = useRef(new Waiting())
  const isShown = useSignal(false)
  const told = useSignal(0)
  const changed = useComputed(() => {
    const { restarts, work } = state.value
    return JSON.stringify([restarts, work, isFirstStep(state.value)])
  }).value
  const isTrying = useComputed(() => state.value.work.kind === 'trying').value
  const { restarts } = state.peek()
  const restart = restarts === null ? null : t('shell.restarts', { what: restarts })
  const parts = [restart, wait.current.text(state.peek(), performance.now())].filter((part) => part !== null)
  const isIdle = parts.length === 0
  useLayoutEffect(() => {
    // A restart is told at once; of all else only what lasts.
    if (isIdle) isShown.value = false
    else if (restart !== null) isShown.value = true
    if (isIdle) return
    const timer = setTimeout(
      () => {
        isShown.value = true
        told.value++
      },
      isShown.peek() ? tellEvery : patience,
    )
    return () => clearTimeout(timer)
  }, [changed, told.value])
  return (
    <div class="glass caption" hidden={isIdle || !isShown.value}>
      <span class="spinner" aria-hidden="true" />
      <span>{parts.join(' · ')}</span>
      <button type="button" class="button" hidden={!isTrying} title={t('shell.stopTitle')} onClick={() => session.stopTrying()}>
        {t('shell.stop')}
      </button>
    </div>
  )
}

function Ending({ session }: { session: Session }) {
  const state = session.state.signal
  const hasEnded = useComputed(() => runEnd(state.value) !== null).value
  const resting = useComputed(() => {
    const ends = earlyEnds(state.value)
    return ends && said(ends)
  }).value
  const end = useComputed(() => {
    const found = runEnd(state.value)
    return found && said(found.told)
  }).value
  const again = async () => {
    await session.reset()
    session.runner.play()
  }
  return (
    <div class="glass caption" id="ended" hidden={!hasEnded && resting === null}>
      <Icon name="check" />
      <span>{resting ?? end}</span>
      <button type="button" class="button" hidden={!hasEnded} title={t('shell.trainAgainTitle')} onClick={() => void again()}>
        {t('shell.trainAgain')}
      </button>
    </div>
  )
}
