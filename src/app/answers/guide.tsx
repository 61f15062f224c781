/** Guided examples: for each question a network that raises it, and what to click to have it answered. */
import { computed, signal, useSignalEffect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { PlainCode } from '../../words/say.ts'
import type { QuestionId } from '../run/display.ts'
import type { Session } from '../run/session.ts'
import { Icon } from '../ui/elements.tsx'
import { t } from '../words/language.ts'

interface Step {
  say: PlainCode
  /** What is to be clicked, or looked at. */
  target: string
  done(session: Session): boolean
}

interface Guide {
  preset: string
  /** Makes of the preset the network that raises the question. */
  begin(session: Session): void
  steps: readonly Step[]
}

/** At which a network hardly learns, and is none the worse for it. */
const lowRate = 1e-5

const isThere = (selector: string): boolean => document.querySelector(selector) !== null

const guides: Readonly<Record<QuestionId, Guide>> = {
  rate: {
    preset: 'spiral',
    begin(session) {
      session.adopt({ optimizer: { learningRate: lowRate } })
    },
    steps: [
      { say: 'guide.rate.test', target: '#rate-test', done: () => isThere('#use-rate') },
      {
        say: 'guide.rate.use',
        target: '#use-rate',
        done: ({ state }) => (state.value.running?.training.optimizer.learningRate ?? 0) > lowRate,
      },
      { say: 'guide.rate.watch', target: '#card-curves', done: () => false },
    ],
  },
  optimizer: {
    preset: 'moons',
    begin(session) {
      session.adopt({ optimizer: { type: 'sgd', learningRate: 0.01 } })
    },
    steps: [
      { say: 'guide.optimizer.race', target: '#race', done: ({ trainers }) => trainers.length > 2 },
      { say: 'guide.optimizer.read', target: '.contest-body tr:nth-child(2) .button', done: ({ trainers }) => trainers.length === 1 },
      { say: 'guide.optimizer.undo', target: '#network .icon-button', done: () => false },
    ],
  },
  health: {
    preset: 'depth-comparison',
    begin(session) {
      session.experiments.adopt(0)
    },
    steps: [
      { say: 'guide.health.wait', target: '#answer-health', done: () => isThere('[data-kind="vanishing"]') },
      { say: 'guide.health.cure', target: '[data-kind="vanishing"] .cures button', done: ({ trainers }) => trainers.length > 1 },
      { say: 'guide.health.compare', target: '#card-comparison', done: () => false },
    ],
  },
}

const under = signal<{ id: QuestionId; at: number; isThere: boolean } | null>(null)
/** The step of the example that is under way. */
const step = computed(() => under.value && guides[under.value.id].steps[under.value.at])

export function GuideButton({ id, session }: { id: QuestionId; session: Session }) {
  if (under.value?.id === id) return null
  const start = async () => {
    const { preset, begin } = guides[id]
    under.value = { id, at: 0, isThere: false }
    await session.choosePreset(preset)
    if (under.value?.id !== id || session.state.value.preset !== preset) return
    begin(session)
    under.value = { id, at: 0, isThere: true }
    session.runner.play()
  }
  return (
    <button type="button" class="button small guide-button" title={t('guide.title')} onClick={() => void start()}>
      {t('guide.button')}
    </button>
  )
}

/** The sentence of the step under way, and the place that it speaks of lit. */
export function GuideStrip({ id, session }: { id: QuestionId; session: Session }) {
  useSignalEffect(() => {
    const now = step.value
    if (under.value?.id !== id || !now) return
    const look = () => {
      // Of another network it has nothing to say.
      if (under.value?.isThere && session.state.value.preset !== guides[id].preset) return end()
      for (const lit of document.querySelectorAll('[data-guided]')) if (!lit.matches(now.target)) lit.removeAttribute('data-guided')
      document.querySelector(now.target)?.setAttribute('data-guided', '')
      if (under.value?.isThere && now.done(session)) under.value = { ...under.value, at: under.value.at + 1 }
    }
    look()
    const timer = setInterval(look, 300)
    return () => clearInterval(timer)
  })
  useEffect(() => end, [])
  const now = step.value
  if (under.value?.id !== id || !now) return null
  const { steps } = guides[id]
  return (
    <p class="guide" aria-live="polite">
      <b>{t('guide.step', { at: under.value.at + 1, of: steps.length })}</b> {t(now.say)}
      <button type="button" class="icon-button" aria-label={t('guide.end')} title={t('guide.end')} onClick={end}>
        <Icon name="close" />
      </button>
    </p>
  )
}

function end(): void {
  under.value = null
  for (const lit of document.querySelectorAll('[data-guided]')) lit.removeAttribute('data-guided')
}
