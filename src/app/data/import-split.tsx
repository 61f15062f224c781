/** The share of a file's samples that is kept for testing, unless another file is there to test on. */
import { useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { t } from '../words/language.ts'

const most = 50
export const usualShare = 20

interface SplitChoiceProps {
  /** Says what a share of what is kept. */
  label: string
  /** The name of the other file. */
  ownTest: string | undefined
  /** The share in percent. */
  share: Signal<number>
}

export function SplitChoice({ label, ownTest, share }: SplitChoiceProps): VNode {
  if (ownTest !== undefined)
    return (
      <label>
        <span>{t('files.split.own', { name: ownTest })}</span>
      </label>
    )
  return (
    <label>
      <span>
        {t('files.split.kept')} <output>{share.value} %</output>
      </span>
      <input
        type="range"
        min={0}
        max={most}
        step={5}
        value={String(share.value)}
        aria-label={label}
        style={{ '--filled': `${(100 * share.value) / most}%` }}
        onInput={(event) => (share.value = Number(event.currentTarget.value))}
      />
    </label>
  )
}

/** What a signal holds once it has rested for `milliseconds`: of a slider where it stays. */
export function useRested<Value>(source: ReadonlySignal<Value>, milliseconds = 150): ReadonlySignal<Value> {
  const rested = useSignal(source.peek())
  useSignalEffect(() => {
    const { value } = source
    const timer = setTimeout(() => (rested.value = value), milliseconds)
    return () => clearTimeout(timer)
  })
  return rested
}
