/** What is wrong: each finding with what was measured, where it is seen, and what may cure it. */
import { useComputed, useSignal, useSignalEffect, type ReadonlySignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { Cure, Finding } from '../../../answers/findings/finding.ts'
import { titleOf } from '../../../answers/findings/rule-words.ts'
import { shaded } from '../../charts/shaded.ts'
import type { Told } from '../../run/state.ts'
import { notice } from '../../ui/notices.ts'
import * as format from '../../words/format.ts'
import { language, said, saidBy, t } from '../../words/language.ts'
import { layerNames } from '../../words/layer-names.ts'
import { toldText } from '../../words/problem-text.ts'
import type { Page } from '../questions.ts'
import { readingsOf } from './readings.ts'
import { findingsOf } from './run-findings.ts'
import { selectionOf } from './selection.ts'
import { Thresholds } from './thresholds.tsx'
import './findings.css'

const keyOf = ({ kind, layer, sentence }: Finding) => `${kind} ${layer ?? ''} ${kind === 'lint' ? sentence.code : ''}`
/** Cures that are offered at once. */
const offers = 4

export function FindingsList({ page, seen }: { page: Page; seen: ReadonlySignal<boolean> }) {
  const { session } = page
  const findings = useMemo(() => findingsOf(session), [session])
  const isEditing = useSignal(false)
  const shown = useSignal<string | null>(null)
  const all = useComputed(() => [...findings.found.value, ...findings.ofModel.value])
  const names = useComputed(() => {
    void language.value
    return layerNames(session.state.signal.value.draft?.layers ?? [])
  })
  const finding = useComputed(() => all.value.find((own) => keyOf(own) === shown.value) ?? null)
  useSignalEffect(() => {
    const own = seen.value ? finding.value : null
    shaded.value = own && own.lastStep > 0 ? { first: own.firstStep, last: own.lastStep } : null
  })
  useEffect(() => () => void (shaded.value = null), [])
  const show = (own: Finding) => {
    const isShown = shown.value === keyOf(own)
    shown.value = isShown ? null : keyOf(own)
    showLayer(page, own, !isShown)
  }
  return (
    <section class="findings" aria-label={t('findingsList.title')}>
      <header>
        <h3>{t('findingsList.title')}</h3>
        <p class="when">{whenText(findings.since.value)}</p>
        <button type="button" class="link" aria-expanded={isEditing.value} onClick={() => (isEditing.value = !isEditing.value)}>
          {t('findingsList.thresholds')}
        </button>
      </header>
      {isEditing.value && <Thresholds session={session} />}
      {all.value.length === 0 ? (
        <p class="none">{t('findingsList.none')}</p>
      ) : (
        <ul aria-live="polite">
          {all.value.map((own) => (
            <Item
              key={keyOf(own)}
              page={page}
              finding={own}
              names={names.value}
              isShown={shown.value === keyOf(own)}
              show={() => show(own)}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

const whenText = (since: number | null): string => (since === null ? '' : t('findingsList.since', { step: format.integer(since) }))

interface ItemProperties {
  page: Page
  finding: Finding
  names: ReadonlyMap<string, string>
  isShown: boolean
  show(): void
}

function Item({ page, finding, names, isShown, show }: ItemProperties) {
  const { kind, severity, layer, neurons = [], sentence, cures, firstStep, lastStep } = finding
  const place = layer === null ? null : layer === 'input' ? t('findingsList.input') : (names.get(layer) ?? layer)
  const steps = lastStep > 0 ? format.steps({ first: firstStep, last: lastStep }) : null
  return (
    <li class={`finding ${severity}`} data-kind={kind} data-layer={layer ?? ''}>
      <div class="head">
        <b>{said(titleOf(kind))}</b>
        {place !== null && <span>{place}</span>}
        {neurons.length > 0 && layer !== 'input' && <span>{t('findingsList.neurons', { count: neurons.length })}</span>}
        {steps !== null && <span class="steps">{steps}</span>}
        <em>{t(`findingsList.${severity}`)}</em>
        {(layer !== null || lastStep > 0) && (
          <button type="button" class="show" aria-pressed={isShown} onClick={show}>
            {t('findingsList.show')}
          </button>
        )}
      </div>
      <p>{saidBy((path) => names.get(path), sentence)}</p>
      {cures.length > 0 && <Cures page={page} cures={cures.slice(0, offers)} canTry={kind !== 'lint' || severity !== 'note'} />}
    </li>
  )
}

function Cures({ page: { session }, cures, canTry }: { page: Page; cures: readonly Cure[]; canTry: boolean }) {
  const tell = (refused: Told | null) => {
    if (refused !== null) notice(toldText(refused))
  }
  return (
    <ul class="cures" aria-label={t('findingsList.cures')}>
      {cures.map((cure) => {
        const name = said(cure.sentence)
        return (
          <li key={name}>
            <span>{name}</span>
            {canTry && (
              <button
                type="button"
                aria-label={t('findingsList.try.named', { name })}
                onClick={() => tell(session.tryBeside(cure.change, cure.sentence))}
              >
                {t('findingsList.try')}
              </button>
            )}
            <button type="button" aria-label={t('findingsList.use.named', { name })} onClick={() => tell(session.adopt(cure.change))}>
              {t('findingsList.use')}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

/** Selects the finding's layer in table and picture, and lights its neurons. */
function showLayer(page: Page, { layer, neurons = [] }: Finding, isShown: boolean): void {
  const { session } = page
  const selection = selectionOf(page)
  const health = readingsOf(session).health.value
  const columns = session.trainer?.observation().columns ?? []
  const outputPath =
    layer === 'input'
      ? 'input'
      : (health?.layers.find(({ path, parts }) => path === layer || parts.includes(layer ?? ''))?.outputPath ??
        columns.find(({ path, layers = [] }) => path === layer || layers.some((own) => own.path === layer))?.path)
  if (outputPath === undefined) return
  selection.light(isShown ? outputPath : null, neurons)
}
