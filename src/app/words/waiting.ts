/** What a person waits for before a run moves, and for how long. */
import { message, type Message } from '../../words/say.ts'
import type { State } from '../run/state.ts'
import { t } from './language.ts'

/** After so many ms enough is done to estimate the rest. */
const soonest = 3000
/** Fewer seconds are not worth telling. */
const worthTelling = 5

interface Preparing {
  done: number
  what: string | Message
}
type Seen = Pick<State, 'playing' | 'live' | 'running'> & { preparing: Preparing | null }

/** Whether the first step of a run is under way. */
export const isFirstStep = ({ preparing, playing, live, running }: Seen): boolean =>
  preparing === null && playing && running !== null && live.step === 0

type Phase = 'preparing' | 'first step' | null

export class Waiting {
  #phase: Phase = null
  #begun = 0

  /** A sentence, or null when nothing is waited for; `now` in ms. */
  text(state: Seen, now: number): string | null {
    const { preparing } = state
    const phase: Phase = preparing ? 'preparing' : isFirstStep(state) ? 'first step' : null
    if (phase !== this.#phase) [this.#phase, this.#begun] = [phase, now]
    const waited = now - this.#begun
    if (preparing) return preparingText(preparing, waited)
    if (phase === null) return null
    const seconds = Math.round(waited / 1000)
    return t('shell.firstStep', { seconds: seconds >= worthTelling ? seconds : null })
  }
}

function preparingText({ what, done }: Preparing, waited: number): string {
  const percent = Math.round(100 * done)
  const left = (waited * (1 - done)) / done / 1000
  const isTold = waited >= soonest && done > 0 && left >= worthTelling
  return t('shell.preparing', {
    what: phaseOf(what),
    percent: percent > 0 && percent < 100 ? percent : null,
    left: isTold ? duration(left) : null,
  })
}

const phases: Readonly<Record<string, Message>> = {
  'compiling kernels': message('shell.compiling'),
  'choosing kernels': message('shell.choosing'),
}

/** What is under way, for a person: `Compiling kernels`. */
export function phaseOf(what: string | Message): Message | string {
  if (typeof what !== 'string') return what
  const [, preset] = /^loading (.+)$/.exec(what) ?? []
  return preset !== undefined ? message('shell.loading', { preset }) : (phases[what] ?? what)
}

/** `20 s`, `1 min`: no finer than it is known. */
const duration = (seconds: number): Message =>
  seconds >= 50
    ? message('shell.minutes', { count: Math.ceil(seconds / 60) })
    : message('shell.seconds', { count: Math.ceil(seconds / 10) * 10 })
