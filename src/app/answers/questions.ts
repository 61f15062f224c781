/** The questions that the page answers by measurement: a tab of the drawer each, whose panel is fetched when it is first opened. */
import type { ReadonlySignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import type { View } from '../../view/types.ts'
import type { PlainCode } from '../../words/say.ts'
import type { QuestionId } from '../run/display.ts'
import type { Session } from '../run/session.ts'
import type { IconName } from '../ui/icons.ts'

/** What a panel may use of the page. */
export interface Page {
  session: Session
  view: View
  /** Brings the picture and the charts up to what has changed. */
  refresh(): void
}

export interface PanelProps {
  page: Page
  /** Whether it is in sight: what is not, measures and draws nothing. */
  seen: ReadonlySignal<boolean>
}

export interface Question {
  id: QuestionId
  /** The tab's name, and what a newcomer asks. */
  title: PlainCode
  question: PlainCode
  icon: IconName
  panel(): Promise<{ Panel: ComponentType<PanelProps> }>
}

export const questions: readonly Question[] = [
  {
    id: 'rate',
    title: 'answers.rate.title',
    question: 'answers.rate.question',
    icon: 'rate',
    panel: () => import('./rate/panel.tsx'),
  },
  {
    id: 'optimizer',
    title: 'answers.optimizer.title',
    question: 'answers.optimizer.question',
    icon: 'race',
    panel: () => import('./optimizer/panel.tsx'),
  },
  {
    id: 'health',
    title: 'answers.health.title',
    question: 'answers.health.question',
    icon: 'health',
    panel: () => import('./health/panel.tsx'),
  },
]
