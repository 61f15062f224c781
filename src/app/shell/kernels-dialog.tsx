/** Which kernel variant computes each matrix product and sum on this adapter, and how fast the others were. */
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { TuningRecord } from '../../kernels/tuner.ts'
import type { Precision } from '../../train/types.ts'
import { download } from '../ui/dom.ts'
import { Dialog, showDialog } from '../ui/dialog.tsx'
import { Parameters } from '../ui/parameters.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'

export interface KernelSource {
  adapter: string
  findings(): Promise<Record<string, TuningRecord>>
  /** The products of the run at hand. */
  products(): ReadonlySet<string>
  clear(): Promise<void>
  /** Times every variant for the run at hand, which then starts again. */
  tryAll(): void
  readonly precision: Precision
  /** Whether the adapter has half precision. */
  hasHalf: boolean
  /** The run at hand starts again. */
  setPrecision(precision: Precision): void
}

export async function openKernels(source: KernelSource): Promise<void> {
  const findings = await source.findings()
  showDialog((close) => <Kernels source={source} findings={findings} close={close} />)
}

interface Options {
  source: KernelSource
  findings: Record<string, TuningRecord>
  close(): void
}

function Kernels({ source, findings, close }: Options) {
  const all = Object.values(findings).sort((a, b) => b.flops - a.flops)
  const own = source.products()
  const rows = { own: all.filter(({ product }) => own.has(product)), others: all.filter(({ product }) => !own.has(product)) }
  const foot = <Foot source={source} findings={findings} close={close} />
  return (
    <Dialog title={t('shell.kernels')} foot={foot}>
      <p class="quiet">{t('shell.kernels.what', { adapter: source.adapter })}</p>
      <KernelParameters source={source} close={close} />
      {!source.hasHalf && <p class="quiet">{t('shell.kernels.noHalf')}</p>}
      {all.length > 0 ? <Table {...rows} /> : <p>{t('shell.kernels.none')}</p>}
    </Dialog>
  )
}

function KernelParameters({ source, close }: Pick<Options, 'source' | 'close'>) {
  const host = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (!host.current) return
    const rows = new Parameters(host.current, () => t('shell.kernels.settings'))
    if (source.hasHalf)
      rows.choice({
        name: () => t('shell.kernels.precisionName'),
        label: () => t('shell.kernels.precision'),
        title: () => t('shell.kernels.precisionTitle'),
        options: [
          { value: 'f32', text: () => t('shell.kernels.single') },
          { value: 'mixed', text: () => t('shell.kernels.mixed') },
        ],
        value: () => source.precision,
        change: source.setPrecision,
      })
    rows.action({
      name: () => t('shell.kernels.tryAll'),
      title: () => t('shell.kernels.tryAllTitle'),
      act() {
        close()
        source.tryAll()
      },
    })
    return () => rows.destroy()
  }, [])
  return <div ref={host} class="kernel-parameters" />
}

function Foot({ source, findings, close }: Options) {
  const save = () => download('kernels.json', `${JSON.stringify({ adapter: source.adapter, findings }, null, 2)}\n`, 'application/json')
  return (
    <>
      <button type="button" class="button" title={t('shell.kernels.exportTitle')} onClick={save}>
        {t('shell.kernels.export')}
      </button>
      <button
        type="button"
        class="button"
        title={t('shell.kernels.clearTitle')}
        onClick={() => void source.clear().then(close, (error: unknown) => console.warn(error))}
      >
        {t('shell.kernels.clear')}
      </button>
    </>
  )
}

function Table({ own, others }: { own: readonly TuningRecord[]; others: readonly TuningRecord[] }) {
  const heads = [t('shell.kernels.product'), t('shell.kernels.variant'), 'ms', 'GFLOP/s', t('shell.kernels.timed')]
  return (
    <div class="scroll">
      <table class="kernels">
        <thead>
          <tr>
            {heads.map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <Rows title={t('shell.kernels.ofRun')} rows={own} />
        <Rows title={t('shell.kernels.ofOthers')} rows={others} />
      </table>
    </div>
  )
}

function Rows({ title, rows }: { title: string; rows: readonly TuningRecord[] }) {
  if (rows.length === 0) return null
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={5}>
          {title}
        </th>
      </tr>
      {rows.map((record) => (
        <Row key={record.product} {...record} />
      ))}
    </tbody>
  )
}

function Row({ product, variant, flops, milliseconds, refused }: TuningRecord) {
  const times = Object.entries(milliseconds).sort(([, a], [, b]) => a - b)
  const refusals = Object.entries(refused)
  const tried = [
    ...times.map(([name, time]) => t('shell.kernels.time', { variant: name, time: format.short(time) })),
    ...refusals.map(([name, why]) => t('shell.kernels.notUsed', { variant: name, why })),
  ]
  // Undefined where the variant was checked and not timed.
  const time = milliseconds[variant]
  return (
    <tr title={tried.join('\n')}>
      <td>{product.replace('matmul ', '')}</td>
      <td>{variant}</td>
      <td>{format.short(time)}</td>
      <td>{format.short(time === undefined ? undefined : flops / time / 1e6)}</td>
      <td>
        {times.length}
        {refusals.length > 0 && <b class="bad">{t('shell.kernels.refused', { count: refusals.length })}</b>}
      </td>
    </tr>
  )
}
