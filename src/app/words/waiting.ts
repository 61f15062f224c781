/** What a reader waits for before a run moves, and for how long yet. */
import type { State } from '../run/state.ts'

/** Nothing is said of how long it takes before this, in ms: too little is done to tell. */
const soonest = 3000
/** What is left is told where it is at least this, in seconds. */
const worthTelling = 5

type Seen = Pick<State, 'preparing' | 'playing' | 'live' | 'running'>

/** Whether the first step of a run is under way. */
export const isFirstStep = ({ preparing, playing, live, running }: Seen): boolean =>
  preparing === null && playing && running !== null && live.step === 0

type Phase = 'preparing' | 'first step' | null

export class Waiting {
  #phase: Phase = null
  #begun = 0

  /** A sentence, or null where nothing is waited for; `now` in ms. */
  text(state: Seen, now: number): string | null {
    const { preparing } = state
    const phase: Phase = preparing ? 'preparing' : isFirstStep(state) ? 'first step' : null
    if (phase !== this.#phase) [this.#phase, this.#begun] = [phase, now]
    const waited = now - this.#begun
    if (preparing) return preparingText(preparing, waited)
    const seconds = Math.round(waited / 1000)
    return phase && `First step …${seconds >= worthTelling ? ` ${seconds} s` : ''}`
  }
}

function preparingText({ what, done }: NonNullable<State['preparing']>, waited: number): string {
  const share = Math.round(100 * done)
  const left = (waited * (1 - done)) / done / 1000
  const isTold = waited >= soonest && done > 0 && left >= worthTelling
  return `${capital(what)} …${share > 0 && share < 100 ? ` ${share} %` : ''}${isTold ? `, about ${duration(left)} left` : ''}`
}

const capital = (text: string) => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`

/** `20 s`, `1 min`: no finer than it is known. */
function duration(seconds: number): string {
  if (seconds >= 50) return `${Math.ceil(seconds / 60)} min`
  return `${Math.ceil(seconds / 10) * 10} s`
}
