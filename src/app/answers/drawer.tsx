/** The drawer below the picture: a tab for each question; closed, the tabs alone are in sight. */
import { signal, useComputed, useSignal, type ReadonlySignal, type Signal } from '@preact/signals'
import { render, type ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { display, drawerHeights, type QuestionId } from '../run/display.ts'
import type { Session } from '../run/session.ts'
import { byId } from '../ui/dom.ts'
import { Icon } from '../ui/elements.tsx'
import { narrow } from '../ui/narrow.ts'
import { t } from '../words/language.ts'
import { GuideButton, GuideStrip } from './guide.tsx'
import { questions, type Page, type PanelProps, type Question } from './questions.ts'

/** What a tab says beside its name: how many things its panel has to tell. */
export const badges: Readonly<Record<QuestionId, Signal<number>>> = { rate: signal(0), optimizer: signal(0), health: signal(0) }

export function drawer(page: Page): void {
  render(<Drawer page={page} />, byId('answers'))
}

export function openQuestion({ state }: Session, open: QuestionId | null): void {
  display(state, { question: open })
}

function Drawer({ page }: { page: Page }) {
  const { state } = page.session
  const open = useComputed(() => state.signal.value.display.question).value
  const height = useComputed(() => state.signal.value.display.drawerHeight).value
  useEffect(() => {
    document.body.toggleAttribute('data-answers', open !== null)
  }, [open])
  useEffect(() => whenTrained(page.session), [page.session])
  return (
    <>
      {open !== null && <Sizer height={height} set={(drawerHeight) => display(state, { drawerHeight })} />}
      <nav class="questions" aria-label={t('answers.questions')}>
        {questions.map((question) => (
          <Tab
            key={question.id}
            question={question}
            isOpen={open === question.id}
            // A sheet is closed by its own tab, and never stands empty.
            choose={() => openQuestion(page.session, open === question.id && !narrow.matches ? null : question.id)}
          />
        ))}
        {open !== null && <GuideButton id={open} session={page.session} />}
        {open !== null && (
          <button
            type="button"
            class="icon-button close-drawer"
            aria-label={t('answers.close')}
            title={t('answers.close')}
            onClick={() => openQuestion(page.session, null)}
          >
            <Icon name="close" />
          </button>
        )}
      </nav>
      {questions.map((question) => (
        <Place key={question.id} question={question} isOpen={open === question.id} height={height} page={page} />
      ))}
    </>
  )
}

/** What is wrong is looked for from the first step on, whether a panel is open or not: the tab's badge tells it. */
function whenTrained(session: Session): void {
  let isAsked = false
  session.runner.onSteps(() => {
    if (isAsked) return
    isAsked = true
    import('./health/run-findings.ts').then(
      ({ findingsOf }) => findingsOf(session).count.subscribe((count) => (badges.health.value = count)),
      (error: unknown) => console.warn(error),
    )
  })
}

function Tab({ question, isOpen, choose }: { question: Question; isOpen: boolean; choose(): void }) {
  const count = badges[question.id].value
  return (
    <button
      type="button"
      class="question"
      id={`question-${question.id}`}
      aria-expanded={isOpen}
      aria-controls={`answer-${question.id}`}
      title={t(question.question)}
      onClick={choose}
    >
      <Icon name={question.icon} />
      <span class="asked">{t(question.question)}</span>
      <span class="short">{t(question.title)}</span>
      {count > 0 && (
        <b class="badge" aria-label={t('answers.found', { count })}>
          {count}
        </b>
      )}
    </button>
  )
}

/** A panel is fetched when it is first opened, and then stays: what it measures goes on while another one is read. */
function Place({ question, isOpen, height, page }: { question: Question; isOpen: boolean; height: number; page: Page }) {
  const panel = useSignal<ComponentType<PanelProps> | null>(null)
  const failed = useSignal(false)
  const seen = useSignal(isOpen)
  useEffect(() => {
    seen.value = isOpen
    if (!isOpen || panel.value) return
    failed.value = false
    question.panel().then(
      ({ Panel }) => (panel.value = Panel),
      (error: unknown) => {
        console.warn(error)
        failed.value = true
      },
    )
  }, [isOpen])
  const Panel = panel.value
  return (
    <section
      id={`answer-${question.id}`}
      class="answer"
      aria-label={t(question.title)}
      hidden={!isOpen}
      tabIndex={-1}
      style={{ '--drawer': `${height}px` }}
    >
      <GuideStrip id={question.id} session={page.session} />
      {Panel ? (
        <Panel page={page} seen={seen as ReadonlySignal<boolean>} />
      ) : (
        <p class="hint">{t(failed.value ? 'page.partNotLoaded' : 'answers.loading')}</p>
      )}
    </section>
  )
}

/** The upper edge, by which the drawer is made taller, with the mouse or with the arrow keys. */
function Sizer({ height, set }: { height: number; set(height: number): void }) {
  const { least, most, step } = drawerHeights
  const bounded = (next: number) => set(Math.round(Math.min(most, Math.max(least, next))))
  return (
    <div
      class="sizer"
      role="separator"
      aria-orientation="horizontal"
      aria-label={t('answers.size')}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={height}
      tabIndex={0}
      onKeyDown={(event) => {
        const by = { ArrowUp: step, ArrowDown: -step }[event.key]
        if (!by) return
        event.preventDefault()
        bounded(height + by)
      }}
      onPointerDown={(event) => {
        const element = event.currentTarget
        const from = event.clientY + height
        element.setPointerCapture(event.pointerId)
        element.onpointermove = (moved) => bounded(from - moved.clientY)
        element.onpointerup = () => (element.onpointermove = null)
      }}
    />
  )
}
