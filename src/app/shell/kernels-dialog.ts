/** Which kernel variant computes each matrix product and sum on this adapter, and what the others were worth. */
import type { TuningRecord } from '../../kernels/tuner.ts'
import type { Precision } from '../../train/types.ts'
import { openDialog } from '../ui/dialog.ts'
import { download, h, segmented, type Child } from '../ui/dom.ts'
import * as format from '../words/format.ts'

export interface KernelSource {
  adapter: string
  findings(): Promise<Record<string, TuningRecord>>
  clear(): Promise<void>
  /** Tries every variant for the run at hand, which then starts anew. */
  tryAll(): void
  precision: Precision
  /** Whether the adapter has half precision. */
  hasHalf: boolean
  /** The run at hand starts anew. */
  setPrecision(precision: Precision): void
}

/** GFLOP/s; undefined where the variant was checked alone. */
function rateOf({ flops, milliseconds, variant }: TuningRecord): number | undefined {
  const time = milliseconds[variant]
  return time === undefined ? undefined : flops / time / 1e6
}

export async function openKernels(source: KernelSource): Promise<void> {
  const findings = await source.findings()
  const rows = Object.values(findings).sort((a, b) => b.flops - a.flops)
  const dialog = openDialog(
    'Kernels',
    [
      h(
        'p',
        { class: 'quiet' },
        `Each matrix product, and each sum of columns, is computed by a variant that was checked against float64 on ${source.adapter}: the fastest of those that were timed or, where a search would take longer than it saves, the likeliest. All variants add in the same order, so the choice changes speed alone.`,
      ),
      precisionRow(source),
      rows.length ? table(rows) : h('p', {}, 'Nothing was tried yet: small products take the plain tile.'),
    ],
    [
      button('Export', 'kernels.json: all that was found', () =>
        download('kernels.json', `${JSON.stringify({ adapter: source.adapter, findings }, null, 2)}\n`, 'application/json'),
      ),
      button('Clear', 'Forget what was found; the next run is tuned anew', () => void source.clear().then(() => dialog.close())),
      button('Try all', 'Try every variant for the network at hand, which then starts anew', () => {
        dialog.close()
        source.tryAll()
      }),
    ],
  )
}

function precisionRow({ precision, hasHalf, setPrecision }: KernelSource): Child {
  if (!hasHalf)
    return h('p', { class: 'quiet' }, 'Operands are read in single precision: this adapter has no half precision (f16) in shaders.')
  const choice = segmented(
    'Precision of matrix products',
    [
      { value: 'f32', text: 'single', title: 'Operands and sums in single precision' },
      { value: 'mixed', text: 'mixed', title: 'Operands read in half precision, gradients scaled to fit; sums and all else in single' },
    ] as const,
    precision,
    setPrecision,
  )
  return h('div', { class: 'precision-row' }, h('span', {}, 'Precision (the run starts anew)'), choice.element)
}

const button = (text: string, title: string, onclick: () => void) => h('button', { type: 'button', class: 'button', title, onclick }, text)

function table(rows: TuningRecord[]): Child {
  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      { class: 'kernels' },
      h('thead', {}, h('tr', {}, ...['Product', 'Variant', 'ms', 'GFLOP/s', 'Timed'].map((text) => h('th', { scope: 'col' }, text)))),
      h('tbody', {}, ...rows.map(row)),
    ),
  )
}

function row(finding: TuningRecord): HTMLElement {
  const times = Object.entries(finding.milliseconds).sort(([, a], [, b]) => a - b)
  const refused = Object.entries(finding.refused)
  const tried = [
    ...times.map(([name, time]) => `${name}: ${format.short(time)} ms`),
    ...refused.map(([name, why]) => `${name}: not used, ${why}`),
  ]
  return h(
    'tr',
    { title: tried.join('\n') },
    h('td', {}, finding.product.replace('matmul ', '')),
    h('td', {}, finding.variant),
    h('td', {}, format.short(finding.milliseconds[finding.variant])),
    h('td', {}, format.short(rateOf(finding))),
    h('td', {}, String(times.length), refused.length > 0 && h('b', { class: 'bad' }, ` + ${refused.length} refused`)),
  )
}
