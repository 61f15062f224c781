/** In the card: gradients beside differences of the loss, and what a hundred of them gave. */
import { signal, useSignal, type Signal } from '@preact/signals'
import { Fragment } from 'preact'
import { useEffect } from 'preact/hooks'
import type { GradientCheck, GradientChecks } from '../../answers/gradient-check.ts'
import type { Trainer } from '../../train/types.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import type { Checkable } from './checkable.ts'

/** What checks at random have found in a run; it stays while the run does. */
const found: Signal<{ trainer: Trainer; result: GradientChecks } | null> = signal(null)
const many = 100

export function GradientCheckRows({ of, trainer }: { of: readonly Checkable[]; trainer: Trainer | null }) {
  const checks = useSignal<readonly GradientCheck[]>([])
  const doing = useSignal<number | null>(null)
  const failed = useSignal(false)
  const key = of.map(({ path, index }) => `${path} ${index}`).join()
  useEffect(() => {
    checks.value = []
    failed.value = false
  }, [key, trainer])
  if (!trainer || of.length === 0) return null
  const guarded = async (work: () => Promise<void>) => {
    doing.value = 0
    failed.value = false
    try {
      await work()
    } catch (error) {
      console.warn(error)
      failed.value = true
    } finally {
      doing.value = null
    }
  }
  const check = () =>
    guarded(async () => {
      const { GradientChecker } = await import('../../answers/gradient-check.ts')
      const checker = await GradientChecker.open(trainer)
      try {
        const all: GradientCheck[] = []
        for (const { path, index } of of) all.push(await checker.check(path, index))
        checks.value = all
      } finally {
        checker.destroy()
      }
    })
  const checkMany = () =>
    guarded(async () => {
      const { gradientCheck } = await import('../../answers/gradient-check.ts')
      const result = await gradientCheck.random(trainer, many, 1 + trainer.step, { onProgress: (done) => void (doing.value = done) })
      found.value = { trainer, result }
    })
  const kept = found.value?.trainer === trainer ? found.value.result : null
  return (
    <div class="gradient-checks">
      <div class="gradient-buttons">
        <button type="button" class="button" id="check-gradient" disabled={doing.value !== null} onClick={() => void check()}>
          {t('check.one')}
        </button>
        <button type="button" class="button" id="check-gradients" disabled={doing.value !== null} onClick={() => void checkMany()}>
          {doing.value ? t('check.doing', { done: doing.value, count: many }) : t('check.many', { count: many })}
        </button>
      </div>
      {checks.value.map((one) => (
        <Rows key={one.path} check={one} isOne={checks.value.length === 1} />
      ))}
      <p role="status" class="gradient-status">
        {failed.value ? t('check.failed') : ''}
      </p>
      {kept && (
        <p class={kept.differ + kept.notFinite > 0 ? 'check-badge bad' : 'check-badge'} id="checked-gradients">
          {badgeText(kept)}
        </p>
      )}
    </div>
  )
}

/** A result below the card's edge is scrolled to. */
const intoSight = (result: Element | null) => result?.scrollIntoView({ block: 'nearest' })

const badgeText = ({ checks, worst, ...counts }: GradientChecks): string =>
  t('check.badge', { ...counts, count: checks.length, worst: worst ? format.exact(worst.relative) : '' })

function Rows({ check, isOne }: { check: GradientCheck; isOne: boolean }) {
  const { path, index, analytic, steps, verdict, step } = check
  const rows = [
    { name: t('check.analytic'), value: format.exact(analytic) },
    ...steps.map(({ h, value, rounding, truncation }) => ({
      name: t('check.difference', { h: format.exact(h) }),
      value: t('check.give', { value: format.exact(value), error: format.exact(rounding + truncation) }),
    })),
  ]
  return (
    <section ref={intoSight} class={`gradient-check ${verdict}`} aria-label={t('check.of', { path, index })}>
      {!isOne && <h4>{t('check.of', { path, index })}</h4>}
      <dl>
        {rows.map(({ name, value }) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
      <p>{t(`check.${verdict}`, { step })}</p>
    </section>
  )
}
