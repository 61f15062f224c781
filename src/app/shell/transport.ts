/** The bar at the bottom: play, step, reset, speed, and the run's figures. */
import { byId, h, replace, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { icon } from '../ui/icons.ts'
import type { Session } from '../run/session.ts'
import type { State } from '../run/state.ts'
import { isFirstStep, Waiting } from '../words/waiting.ts'

/** Preparing that takes longer, in ms, is told in words. */
const patience = 400

/** Steps a second that the slider stops at; null: as fast as it goes. */
export const speeds = [1, 5, 20, 60, 200, 1000, null] as const

export function transport(session: Session, playStep: () => void): void {
  const play = h('button', { type: 'button', class: 'button', id: 'play', onclick: () => toggle(session) })
  const step = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      id: 'step',
      title: 'One step, slowly (.)',
      'aria-label': 'One step, slowly',
      onclick: playStep,
    },
    icon('step'),
  )
  const reset = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      id: 'reset',
      title: 'Back to step 0 (R)',
      'aria-label': 'Reset to step 0',
      onclick: () => void session.reset(),
    },
    icon('reset'),
  )

  const speedText = h('b')
  const slider = h('input', {
    type: 'range',
    id: 'speed',
    min: 0,
    max: speeds.length - 1,
    step: 1,
    'aria-label': 'Speed, steps a second at most',
    oninput: () => session.runner.setSpeed(speeds[Number(slider.value)] ?? null),
  })
  const speed = h('div', { class: 'speed' }, h('span', {}, h('i', {}, 'Speed'), speedText), slider)

  const figure = (name: string, label: string) => {
    const value = h('dd', { id: `figure-${name}` }, '–')
    return { value, element: h('div', { class: `figure ${name}` }, h('dt', {}, label), value) }
  }
  const [epoch, steps, loss, rate] = [figure('epoch', 'Epoch'), figure('step', 'Step'), figure('loss', 'Loss'), figure('rate', 'Steps/s')]
  const doing = h('span')
  const enough = h(
    'button',
    { type: 'button', class: 'button', hidden: true, title: 'Take the fastest of those tried so far', onclick: () => session.stopTrying() },
    'Stop',
  )
  const chip = h('div', { class: 'glass caption', hidden: true }, h('span', { class: 'spinner', 'aria-hidden': true }), doing, enough)
  byId('caption').append(chip)
  const ended = h('span')
  const again = h(
    'button',
    { type: 'button', class: 'button', title: 'Back to step 0, and train from there', onclick: () => void trainAgain(session) },
    'Train again',
  )
  const ending = h('div', { class: 'glass caption', id: 'ended', hidden: true }, icon('check'), ended, again)
  byId('caption').append(ending)
  let chipTimer: ReturnType<typeof setTimeout> | undefined
  const bar = h('span')
  const progress = h(
    'div',
    { class: 'progress', role: 'progressbar', 'aria-label': 'Preparing the run', 'aria-valuemin': 0, 'aria-valuemax': 100 },
    bar,
  )
  byId('transport').append(
    progress,
    h('div', { class: 'transport-buttons' }, play, step, reset),
    speed,
    h('dl', { class: 'figures' }, epoch.element, steps.element, loss.element, rate.element),
  )

  session.state.watch(
    (state) => (state.playing ? state.endedAt : (state.stopped ?? moreEpochs(state))),
    (now, state) => {
      const { playing } = state
      const more = typeof now === 'number' ? epochsText(now) : null
      const hasEnded = !playing && now !== null
      const name = playing ? 'Pause' : hasEnded ? `Train on${more ? `: ${more} more` : ''}` : 'Play'
      replace(play, icon(playing ? 'pause' : 'play'), hasEnded && 'Train on')
      play.toggleAttribute('data-labelled', hasEnded)
      play.title = `${name} (Space)`
      play.setAttribute('aria-label', name)
      const resting = playing ? restingText(state) : null
      ending.hidden = !hasEnded && resting === null
      again.hidden = !hasEnded
      if (!ending.hidden) setText(ended, resting ?? endText(state))
    },
  )
  session.state.watch(
    (state) => state.running === null,
    (empty) => {
      for (const button of [play, step, reset]) button.disabled = empty
    },
  )
  session.state.watch(
    (state) => state.speed,
    (value) => {
      const at = (speeds as readonly (number | null)[]).indexOf(value)
      slider.value = String(at < 0 ? speeds.length - 1 : at)
      const text = value === null ? 'max' : `${value}/s`
      setText(speedText, text)
      slider.setAttribute('aria-valuetext', value === null ? 'as fast as it goes' : `${value} steps a second`)
      slider.style.setProperty('--filled', `${(100 * Number(slider.value)) / (speeds.length - 1)}%`)
    },
  )
  session.state.watch(
    (state) => state.live,
    (live, { running }) => {
      setText(epoch.value, live.epoch >= 1000 ? format.integer(live.epoch) : live.epoch.toFixed(live.epoch >= 100 ? 1 : 2))
      epoch.element.title = running?.epochs ? `of ${running.epochs}` : ''
      setText(steps.value, format.integer(live.step))
      setText(loss.value, format.loss(live.loss))
      setText(rate.value, live.stepsPerSecond > 0 ? format.rate(live.stepsPerSecond) : '–')
    },
  )
  session.state.watch(
    (state) => state.trying,
    (trying) => (enough.hidden = !trying),
  )
  session.state.watch(
    (state) => state.preparing,
    (preparing) => {
      progress.toggleAttribute('data-shown', preparing !== null)
      progress.setAttribute('aria-valuenow', String(Math.round(100 * (preparing?.done ?? 0))))
      progress.setAttribute('aria-valuetext', preparing?.what ?? '')
      bar.style.transform = `scaleX(${preparing ? Math.max(0.04, preparing.done) : 1})`
    },
  )
  // Preparing, and then the first step: on a slow adapter either may take long.
  const wait = new Waiting()
  const tell = () => {
    const { restarts } = session.state.value
    const restart = restarts === null ? null : `Restarts the run: ${restarts}`
    const parts = [restart, wait.text(session.state.value, performance.now())].filter((part) => part !== null)
    setText(doing, parts.join(' · '))
    clearTimeout(chipTimer)
    if (parts.length === 0) {
      chip.hidden = true
      return
    }
    // That a run will begin anew is told at once; of all else only what lasts.
    if (restart) chip.hidden = false
    chipTimer = setTimeout(
      () => {
        chip.hidden = false
        tell()
      },
      chip.hidden ? patience : 1000,
    )
  }
  session.state.watch((state) => [state.restarts, state.preparing?.what, state.preparing?.done, isFirstStep(state)].join(), tell)
}

/** Which of the networks that are compared have ended early, before the others; null: none. */
function restingText({ endedAt, running }: State): string | null {
  const variants = running?.comparison?.variants ?? []
  const resting = variants.flatMap(({ name }, i) => (endedAt[i] == null ? [] : [`${name} at step ${format.integer(endedAt[i])}`]))
  return resting.length === 0 ? null : `Ended early: ${resting.join(', ')}. The others go on.`
}

/** The epochs that Play trains next, once the planned ones are done. */
function moreEpochs({ running, goal, live, preparing }: State): number | null {
  return running?.epochs && !preparing && goal !== null && live.step >= goal ? running.epochs : null
}

const epochsText = (count: number) => (count === 1 ? '1 epoch' : `${Number(count.toFixed(2)).toLocaleString('en-US')} epochs`)

/** Why the run is at its end, and what its parameters are. */
function endText({ stopped, restored, running, live }: State): string {
  const tests = running?.earlyStopping?.patience ?? 1
  const why = stopped
    ? `Ended early: ${tests === 1 ? 'one evaluation was' : `${tests} evaluations in a row were`} no better than the ${stopped.part} loss of ${format.loss(stopped.best.loss)} at step ${format.integer(stopped.best.step)}.`
    : `${epochsText(live.epoch)} done.`
  const back = restored !== null ? ` The parameters of step ${format.integer(restored)}, the best, are back.` : ''
  return why + back
}

async function trainAgain(session: Session): Promise<void> {
  await session.reset()
  session.runner.play()
}

export function toggle(session: Session): void {
  // Pressed twice within a step, it plays on.
  if (session.state.value.playing && session.runner.wantsPlay) session.runner.pause()
  else session.runner.play()
}
