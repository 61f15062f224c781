/** Results as text: a table a suite, with the ratios of this run. */
import type { Gpu } from '../src/gpu/device.ts'
import { suites, type BenchResult, type RatioRow, type Row } from './result.ts'

const titles = { limits: 'What the adapter can do', kernels: 'Kernels', training: 'Training', view: 'The 3D view' }

/** Three significant digits, without an exponent. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size >= 1000) return Math.round(value).toLocaleString('en-US')
  return size >= 0.001 ? String(Number(value.toPrecision(3))) : value.toExponential(1)
}

export const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`

/** How many a step has, or of how many steps there is one. */
export const perStep = (count: number | undefined): string =>
  count !== undefined && count > 0 && count < 0.1 ? `1 in ${figure(1 / count)} steps` : figure(count)

/** The distance between the quartiles over the median; of one block there is none. */
export const spreadText = ({ spread, blocks }: Row): string => (spread === null || blocks < 2 ? '–' : percent(spread))

/** Relative, of what was computed; a picture, a start and a number of bytes are compared with none. */
export const errorText = ({ suite, unit, error }: Row): string => (suite === 'view' || unit === 'MB' ? '–' : figure(error))

/** `3.2× as fast as jax-js-webgpu (2.9–3.6)`; how many times faster, with the quartiles of the rounds. */
export const ratioText = ({ over, median, low, high }: RatioRow): string =>
  `${figure(median)}× as fast as ${over} (${figure(low)}–${figure(high)})`

export const softwareText = ({ description }: Pick<Gpu['adapter'], 'description'>): string =>
  `${description} is a software adapter: the processor does its work.`

/** On what is measured. */
export const adapterText = (adapter: Gpu['adapter']): string =>
  adapter.software ? softwareText(adapter) : `The adapter is ${adapter.description}.`

export function resultText(result: BenchResult): string {
  const parts = suites.flatMap((suite) => {
    const rows = result.rows.filter((row) => row.suite === suite)
    return rows.length > 0
      ? [
          `${titles[suite]}\n${table(
            rows.map((row) => cells(row, result)),
            headings,
          )}`,
        ]
      : []
  })
  const failed = result.numerics.filter(({ ok }) => !ok)
  if (result.numerics.length > 0)
    parts.push(
      `Numerics: ${result.numerics.length - failed.length} of ${result.numerics.length} checks passed${failed.map(({ name }) => `\n  FAIL ${name}`).join('')}`,
    )
  if (result.notes.length > 0) parts.push(result.notes.map((note) => `Note: ${note}`).join('\n'))
  return `${parts.join('\n\n')}\n\n${result.adapter}, ${result.browser}, ${result.rounds} round${result.rounds === 1 ? '' : 's'}\n`
}

const headings = ['', 'engine', 'median', 'best', 'spread', 'of limit', 'error', 'a step', 'gradscope is']

function cells(row: Row, { ratios }: BenchResult): string[] {
  const own = (ratio: RatioRow) => ratio.suite === row.suite && ratio.name === row.name
  const ratio = ratios.find(
    (one) => own(one) && (one.over === row.engine || (row.engine === 'gradscope' && !/^(tfjs|jax|plain|pytorch)/.test(one.over))),
  )
  const step = [
    row.dispatchesPerStep !== undefined && `dispatches ${perStep(row.dispatchesPerStep)}, submits ${perStep(row.submitsPerStep)}`,
    row.overNeeded !== undefined && `${figure(row.overNeeded)}× what it needs`,
  ]
    .filter(Boolean)
    .join(', ')
  if (!row.ok && row.median === null) return [row.name, row.engine, 'wrong or failed', '', '', '', figure(row.error), '', row.reason ?? '']
  return [
    row.name + (row.variant ? ` (${row.variant})` : ''),
    row.engine,
    `${figure(row.median)} ${row.unit}`,
    figure(row.best),
    spreadText(row),
    row.ofLimit === undefined ? '' : percent(row.ofLimit),
    row.ok ? errorText(row) : `WRONG ${figure(row.error)}`,
    step,
    ratio ? ratioText(ratio) : '',
  ]
}

/** Columns padded with spaces; those that are empty everywhere are left out. */
function table(rows: string[][], heads: string[]): string {
  const used = heads.map((_, i) => i).filter((i) => rows.some((row) => row[i]))
  const lines = [heads, ...rows].map((row) => used.map((i) => row[i] ?? ''))
  const widths = used.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  return lines.map((line) => `  ${line.map((text, i) => text.padEnd(widths[i]!)).join('  ')}`.trimEnd()).join('\n')
}
