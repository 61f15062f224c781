/** The optimizer tab: networks that train beside the run, which of them learns fastest, and at what price. */
import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { contenderOf, contenders } from '../../../answers/optimizers.ts'
import { tellingLoss, verdict } from '../../../answers/contest.ts'
import type { Told } from '../../run/state.ts'
import { runOf } from '../../run/experiments.ts'
import type { Session } from '../../run/session.ts'
import { openMenu } from '../../ui/menu.ts'
import { notice } from '../../ui/notices.ts'
import * as format from '../../words/format.ts'
import { said, t } from '../../words/language.ts'
import { toldText } from '../../words/problem-text.ts'
import type { PanelProps } from '../questions.ts'
import { LossChart } from './chart.tsx'
import { contestantsOf, type Entry } from './entries.ts'
import { offersFor } from './offers.ts'
import { Race } from './race.ts'
import { Table } from './table.tsx'
import { testerAtRest } from './tested.ts'

/** Between two looks at what trains, in ms. */
const interval = 250

export function Panel({ page: { session }, seen }: PanelProps) {
  const entries = useEntries(session, seen)
  const race = useSignal<Race | null>(null)
  const asked = useSignal<number | null>(null)
  const target = asked.value ?? tellingLoss(entries)
  const sentence = target === null ? null : verdict(entries, target, { steps: format.integer, loss: format.tick })
  return (
    <div class="contest">
      <Head session={session} race={race.value} begin={(own) => (race.value = own)} />
      {entries.length < 2 ? (
        <p class="quiet">
          {t('contest.none')} {t('contest.running')}
        </p>
      ) : (
        <>
          <p class="verdict" aria-live="polite">
            {sentence ? said(sentence) : ' '}
          </p>
          <div class="contest-body">
            <LossChart entries={entries} target={target} />
            <Table session={session} entries={entries} target={target} setTarget={(loss) => (asked.value = loss)} />
          </div>
        </>
      )}
    </div>
  )
}

/** What trains and how it fares, while it is in sight. */
function useEntries(session: Session, seen: ReadonlySignal<boolean>): readonly Entry[] {
  const entries = useSignal<readonly Entry[]>([])
  const running = useComputed(() => session.state.signal.value.running).value
  useEffect(() => {
    const test = testerAtRest(session)
    const look = () => {
      if (!seen.value) return
      entries.value = contestantsOf(session)
      test()
    }
    look()
    const timer = setInterval(look, interval)
    return () => clearInterval(timer)
  }, [running, seen.value])
  return entries.value
}

export function tell(refused: Told | null): void {
  if (refused !== null) notice(toldText(refused))
}

function Head({ session, race, begin }: { session: Session; race: Race | null; begin(race: Race | null): void }) {
  const isEmpty = useComputed(() => session.state.signal.value.running === null).value
  const start = async () => {
    const own = new Race(session)
    begin(own)
    try {
      tell(await own.run())
    } finally {
      begin(null)
    }
  }
  if (race) return <Progress race={race} />
  return (
    <div class="contest-head">
      <p class="quiet">{t('contest.hint')}</p>
      <TryBeside session={session} />
      <button
        type="button"
        class="button primary"
        id="race"
        title={t('contest.compareTitle')}
        disabled={isEmpty}
        onClick={() => void start()}
      >
        {t('contest.compareAll', { count: contenders.length })}
      </button>
    </div>
  )
}

function Progress({ race }: { race: Race }) {
  const { done, at, name } = race.progress.value
  return (
    <div class="contest-head">
      <p class="quiet" aria-live="polite">
        {t('contest.testing', { name: said(name), at, of: contenders.length })}
      </p>
      <progress max={1} value={done} aria-label={t('contest.testing', { name: said(name), at, of: contenders.length })} />
      <button type="button" class="button" onClick={() => race.cancel()}>
        {t('contest.cancel')}
      </button>
    </div>
  )
}

/** A menu of what is usually tried next. */
function TryBeside({ session }: { session: Session }) {
  const draft = useComputed(() => session.state.signal.value.draft).value
  if (!draft) return null
  const run = runOf(draft)
  const offers = offersFor(run, contenderOf(run.training.optimizer))
  const items = offers.map((offer, i) => ({
    text: said(offer.title),
    group: i < offers.length - contenders.length + 1 ? 'settings' : 'optimizers',
    choose: () => tell(session.experiments.add([offer])),
  }))
  return (
    <button
      type="button"
      class="button"
      id="try-beside"
      aria-haspopup="menu"
      aria-expanded="false"
      title={t('contest.tryBeside')}
      onClick={({ currentTarget }) => openMenu(currentTarget, t('contest.tryBeside'), items)}
    >
      {t('contest.try.choose')}
    </button>
  )
}
