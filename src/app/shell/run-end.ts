/** What is told of a run, or of networks that are compared, once they have come to an end. */
import { titlesOf } from '../run/experiments.ts'
import { isBusy, type State } from '../run/state.ts'
import { message, type Message } from '../../words/say.ts'
import * as format from '../words/format.ts'

interface Ended {
  /** The epochs that Play trains next; null where the run ended early. */
  more: number | null
  told: Message
}

type Seen = Pick<State, 'playing' | 'stopped' | 'restored' | 'running' | 'live' | 'goal' | 'work'>

/** Null while the run has not ended. */
export function runEnd(state: Seen): Ended | null {
  const { playing, stopped, running, live, goal } = state
  if (playing) return null
  const isDone = running?.epochs && !isBusy(state) && goal !== null && live.step >= goal
  if (!stopped && !isDone) return null
  return { more: stopped ? null : (running?.epochs ?? null), told: endOf(state) }
}

function endOf({ stopped, restored, running, live }: Seen): Message {
  const why = stopped
    ? message('shell.endedEarly', {
        tests: running?.earlyStopping?.patience ?? 1,
        part: stopped.part,
        loss: format.loss(stopped.best.loss),
        step: format.integer(stopped.best.step),
      })
    : message('shell.epochsDone', { epochs: format.epochsOf(live.epoch) })
  const back = restored === null ? [] : [message('shell.restored', { step: format.integer(restored) })]
  return message('page.sentences', { sentences: [why, ...back] })
}

/** Which of the networks that are compared have ended before the others; null where none has. */
export function earlyEnds({ playing, endedAt, running }: Pick<State, 'playing' | 'endedAt' | 'running'>): Message | null {
  const titles = playing && running?.experiments ? titlesOf(running.experiments) : []
  const ended = titles.flatMap((name, i) => {
    const step = endedAt[i] ?? null
    return step === null ? [] : [message('shell.endedAt', { name, step: format.integer(step) })]
  })
  return ended.length === 0 ? null : message('shell.resting', { ended })
}
