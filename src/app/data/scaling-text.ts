/** How values are scaled, as a formula. */
import type { ColumnPreview } from '../../data/preview.ts'
import { tick } from '../words/format.ts'
import { t } from '../words/language.ts'
import type { Fitted } from './sample-sums.ts'

/** `(x − 5.84) / 0.828`, without numbers that say nothing. */
function formula(x: string, mean: number, deviation: number, size = tick(Math.abs(mean))): string {
  const centred = mean === 0 ? x : `${x} ${mean < 0 ? '+' : '−'} ${size}`
  return deviation === 1 ? centred : `(${centred}) / ${tick(deviation)}`
}

/** Of a table's column; of dates their year. */
export function scalingText({ kind, mean, deviation }: Pick<ColumnPreview, 'kind' | 'mean' | 'deviation'>): string {
  if (mean === undefined || deviation === undefined) return '–'
  if (kind !== 'date') return formula('x', mean, deviation)
  return formula(t('files.column.year'), mean, deviation, String(Number(Math.abs(mean).toFixed(1))))
}

/** Of samples with labels; `fitted` is null while it is not known, of `channels` that are scaled by themselves. */
export function samplesScalingText(scaling: 'standardise' | 'none', isBytes: boolean, channels: number, fitted: Fitted | null): string {
  if (scaling === 'none') return t(isBytes ? 'files.scaling.divided' : 'files.scaling.kept')
  const x = isBytes ? 'x / 255' : 'x'
  const formulas = fitted
    ? fitted.mean.map((mean, channel) => formula(x, mean, fitted.deviation[channel] ?? 1))
    : [t('files.scaling.formula', { x })]
  return channels === 1 ? t('files.scaling.all', { formula: formulas.join(', ') }) : t('files.scaling.channels', { formulas })
}
