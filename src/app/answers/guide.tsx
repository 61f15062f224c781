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
  /** Brings the network that raises the question. */
  begin(session: Session): Promise<void>
  steps: readonly Step[]
}

const isThere = (selector: string): boolean => document.querySelector(selector) !== null

const guides: Readonly<Record<QuestionId, Guide>> = {
  rate: {
    async begin(session) {
      await session.choosePreset('spiral')
      session.adopt({ optimizer: { learningRate: 1 } })
    },
    steps: [
      { say: 'guide.rate.test', target: '#rate-test', done: () => isThere('#use-rate') },
      {
        say: 'guide.rate.use',
        target: '#use-rate',
        done: ({ state }) => (state.value.running?.training.optimizer.learningRate ?? 1) < 1,
      },
      { say: 'guide.rate.watch', target: '#card-curves', done: () => false },
    ],
  },
  optimizer: {
    async begin(session) {
      await session.choosePreset('moons')
      session.adopt({ optimizer: { type: 'sgd', learningRate: 0.01 } })
    },
    steps: [
      { say: 'guide.optimizer.race', target: '#race', done: ({ trainers }) => trainers.length > 2 },
      { say: 'guide.optimizer.read', target: '.contest-body tr:nth-child(2) .button', done: ({ trainers }) => trainers.length === 1 },
      { say: 'guide.optimizer.undo', target: '#network .icon-button', done: () => false },
    ],
  },
  health: {
    async begin(session) {
      await session.choosePreset('depth-comparison')
      session.experiments.adopt(0)
    },
    steps: [
      { say: 'guide.health.wait', target: '#answer-health', done: () => isThere('[data-kind="vanishing"]') },
      { say: 'guide.health.cure', target: '[data-kind="vanishing"] .cures button', done: ({ trainers }) => trainers.length > 1 },
      { say: 'guide.health.compare', target: '#card-comparison', done: () => false },
    ],
  },
}

const under = signal<{ id: QuestionId; at: number } | null>(null)
/** The step of the example that is under way. */
const step = computed(() => under.value && guides[under.value.id].steps[under.value.at])

export function GuideButton({ id, session }: { id: QuestionId; session: Session }) {
  if (under.value?.id === id) return null
  const begin = async () => {
    under.value = { id, at: 0 }
    await guides[id].begin(session)
    session.runner.play()
  }
  return (
    <button type="button" class="button small guide-button" title={t('guide.title')} onClick={() => void begin()}>
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
      for (const lit of document.querySelectorAll('[data-guided]')) if (!lit.matches(now.target)) lit.removeAttribute('data-guided')
      document.querySelector(now.target)?.setAttribute('data-guided', '')
      if (under.value && now.done(session)) under.value = { id, at: under.value.at + 1 }
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
