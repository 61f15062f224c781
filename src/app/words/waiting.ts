/** What a person waits for before a run moves, and for how long. */
import { message, type Message } from '../../words/say.ts'
import type { State, Work } from '../run/state.ts'
import { said, t } from './language.ts'

/** After so many ms enough is done to estimate the rest. */
const soonest = 3000
/** Fewer seconds are not worth telling. */
const worthTelling = 5

type Seen = Pick<State, 'playing' | 'live' | 'running' | 'work'>

/** Whether the first step of a run is under way. */
export const isFirstStep = ({ work, playing, live, running }: Seen): boolean =>
  work.kind === 'none' && playing && running !== null && live.step === 0

type Phase = 'preparing' | 'first step' | null

export class Waiting {
  #phase: Phase = null
  #begun = 0

  /** A sentence, or null when nothing is waited for; `now` in ms. */
  text(state: Seen, now: number): string | null {
    const { work } = state
    const phase: Phase = work.kind !== 'none' ? 'preparing' : isFirstStep(state) ? 'first step' : null
    if (phase !== this.#phase) [this.#phase, this.#begun] = [phase, now]
    const waited = now - this.#begun
    if (work.kind !== 'none') return workText(work, waited)
    if (phase === null) return null
    const seconds = Math.round(waited / 1000)
    return t('shell.firstStep', { seconds: seconds >= worthTelling ? seconds : null })
  }
}

function workText(work: Work, waited: number): string {
  const done = doneOf(work) ?? 0
  const percent = Math.round(100 * done)
  const left = (waited * (1 - done)) / done / 1000
  const isTold = waited >= soonest && done > 0 && left >= worthTelling
  return t('shell.preparing', {
    what: phaseOf(work),
    percent: percent > 0 && percent < 100 ? percent : null,
    left: isTold ? duration(left) : null,
  })
}

/** How much of the work is done, 0 … 1; null where there is none. */
export const doneOf = (work: Work): number | null => (work.kind === 'none' ? null : work.kind === 'loading' ? 0 : work.done)

/** What is under way, for a person: `Compiling kernels`; empty where nothing is. */
export function phaseOf(work: Work): string {
  if (work.kind === 'none') return ''
  return said(work.kind === 'loading' ? message('shell.loading', { preset: work.preset }) : { code: work.what, values: {} })
}

/** `20 s`, `1 min`: no finer than it is known. */
const duration = (seconds: number): Message =>
  seconds >= 50
    ? message('shell.minutes', { count: Math.ceil(seconds / 60) })
    : message('shell.seconds', { count: Math.ceil(seconds / 10) * 10 })
