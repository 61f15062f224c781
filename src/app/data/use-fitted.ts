/** The scaling that samples will get, for their preview. */
import { useComputed, useSignal, useSignalEffect, type ReadonlySignal } from '@preact/signals'
import { splitSamples } from '../../data/split.ts'
import { scaledChannels, type ImportedSamples } from './import-samples.ts'
import { useRested } from './import-split.tsx'
import { fittedOn, sumSamples, type Fitted, type SampleSums } from './sample-sums.ts'
import { splitCounts } from './split-counts.ts'

/** Samples to test on are chosen by it. */
export const seed = 1

/** Mean and deviation of the part to train on; null until they are known. */
export function useFitted(
  samples: ReadonlySignal<ImportedSamples>,
  keepAxes: boolean,
  share: ReadonlySignal<number>,
): ReadonlySignal<Fitted | null> {
  const latest = useSignal<{ of: ImportedSamples; sums: SampleSums } | null>(null)
  const rested = useRested(share)
  useSignalEffect(() => {
    const of = samples.value
    const ended = new AbortController()
    void sumSamples(of, scaledChannels(of.head, keepAxes), ended.signal).then((sums) => {
      if (sums && !ended.signal.aborted) latest.value = { of, sums }
    })
    return () => ended.abort()
  })
  return useComputed(() =>
    latest.value?.of === samples.value ? fittedOn(latest.value.sums, trainingRows(samples.value, rested.value / 100)) : null,
  )
}

function trainingRows({ head: { whole, test } }: ImportedSamples, testFraction: number): Iterable<number> {
  const { name, shape } = whole.samples
  const [count = 0] = shape
  if (test || splitCounts(count, testFraction).train === 0) return Array(count).keys()
  return splitSamples(name, count, { testFraction, seed }).train
}
