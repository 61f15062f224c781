/** All that train, a row each: how far it is, what it takes to a loss, and what it costs. */
import type { ComponentChildren } from 'preact'
import { standing } from '../../../answers/contest.ts'
import type { Session } from '../../run/session.ts'
import { classStyle } from '../../charts/palette.ts'
import { Icon } from '../../ui/elements.tsx'
import * as format from '../../words/format.ts'
import { said, t } from '../../words/language.ts'
import type { Entry } from './entries.ts'
import { tell } from './panel.tsx'

interface Props {
  session: Session
  entries: readonly Entry[]
  target: number | null
  /** Null: the one that tells them apart. */
  setTarget(loss: number | null): void
}

export function Table({ session, entries, target, setTarget }: Props) {
  const loss = target === null ? '–' : format.tick(target)
  return (
    <div class="contest-table" role="region" aria-label={t('contest.table')} tabIndex={0}>
      <label class="contest-target">
        {t('contest.target')}
        <input
          type="text"
          inputMode="decimal"
          value={target === null ? '' : format.tick(target)}
          onChange={({ currentTarget }) => {
            const value = Number(currentTarget.value.replace('−', '-'))
            setTarget(value > 0 && Number.isFinite(value) ? value : null)
          }}
        />
      </label>
      <table>
        <caption class="visually-hidden">{t('contest.table')}</caption>
        <thead>
          <tr>
            <Heading>{t('contest.column.name')}</Heading>
            <Heading>{t('contest.column.rate')}</Heading>
            <Heading>{t('contest.column.loss')}</Heading>
            <Heading>{t('contest.column.test')}</Heading>
            <Heading title={t('contest.column.stepsTitle', { loss })}>{t('contest.column.steps')}</Heading>
            <Heading title={t('contest.column.secondsTitle', { loss })}>{t('contest.column.seconds')}</Heading>
            <Heading title={t('contest.column.flopsTitle')}>{t('contest.column.flops')}</Heading>
            <Heading title={t('contest.column.memoryTitle')}>{t('contest.column.memory')}</Heading>
            <td />
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Row key={entry.index} session={session} entry={entry} target={target} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const Heading = ({ title, children }: { title?: string; children: ComponentChildren }) => (
  <th scope="col" title={title}>
    {children}
  </th>
)

function Row({ session, entry, target }: { session: Session; entry: Entry; target: number | null }) {
  const name = said(entry.title)
  const { loss, stepsTo, secondsTo } = standing(entry, target ?? -Infinity)
  return (
    <tr aria-current={entry.isShown || undefined}>
      <th scope="row">
        <button
          type="button"
          class="contest-name"
          aria-pressed={entry.isShown}
          title={t('contest.show', { name })}
          onClick={() => void session.showVariant(entry.index)}
        >
          <i style={{ background: classStyle(entry.index) }} />
          {name}
        </button>
      </th>
      <td>{format.tick(entry.rate)}</td>
      <td>{format.loss(loss)}</td>
      <td>{entry.testAccuracy !== null ? format.percent(entry.testAccuracy) : format.loss(entry.testLoss)}</td>
      <td>{stepsTo === null ? <span class="quiet">{t('contest.notYet')}</span> : format.integer(stepsTo)}</td>
      <td>{secondsTo === null ? '–' : t('contest.seconds', { seconds: format.short(secondsTo) })}</td>
      <td>{format.amount(entry.flopsPerStep, 'FLOP')}</td>
      <td>{format.bytes(entry.optimizerBytes)}</td>
      <td class="contest-acts">
        <button
          type="button"
          class="button small"
          title={t('contest.useTitle', { name })}
          aria-label={t('contest.useTitle', { name })}
          onClick={() => tell(session.experiments.adopt(entry.index))}
        >
          {t('contest.use')}
        </button>
        {entry.index > 0 && (
          <button
            type="button"
            class="icon-button"
            title={t('contest.remove', { name })}
            aria-label={t('contest.remove', { name })}
            onClick={() => tell(session.experiments.remove(entry.index))}
          >
            <Icon name="close" />
          </button>
        )}
      </td>
    </tr>
  )
}
