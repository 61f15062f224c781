/** The tab "Learning rate": the test of many rates, and the map over any two settings. */
import { signal, useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { RateTest, RateTestPart } from '../../../answers/rate/test.ts'
import type { SweepMap, SweepMapPart } from '../../../answers/sweep/map.ts'
import { t } from '../../words/language.ts'
import type { PanelProps } from '../questions.ts'
import { Measuring } from './measuring.ts'
import { RateView } from './rate-view.tsx'
import { SharpnessView } from './sharpness.tsx'
import { SweepView, type Axes } from './sweep-view.tsx'

export function Panel({ page, seen }: PanelProps) {
  const { session } = page
  const isMap = useSignal(false)
  const own = useMemo(() => {
    const axes: Axes = { first: signal(null), second: signal(null) }
    return { test: new Measuring<RateTestPart, RateTest>(session), map: new Measuring<SweepMapPart, SweepMap>(session), axes }
  }, [])
  const choice = (map: boolean, title: string) => (
    <button type="button" aria-pressed={isMap.value === map} onClick={() => (isMap.value = map)}>
      {title}
    </button>
  )
  return (
    <div class="rate-panel">
      <div class="rate-switch" role="group" aria-label={t('rate.views')}>
        {choice(false, t('rate.viewTest'))}
        {choice(true, t('rate.viewMap'))}
      </div>
      {isMap.value ? (
        <SweepView session={session} measuring={own.map} axes={own.axes} />
      ) : (
        <RateView session={session} measuring={own.test} />
      )}
      <SharpnessView page={page} seen={seen} />
    </div>
  )
}
