/** All layers of the run in one table: how gradients, weights, updates and outputs fare, now and in the recent past. */
import { useComputed, useSignal, useSignalEffect, type ReadonlySignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Health } from '../../../inspect/health.ts'
import { placedLayers } from '../../../model/shapes.ts'
import type { Layer } from '../../../model/types.ts'
import { Select } from '../../ui/elements.tsx'
import { language, t } from '../../words/language.ts'
import { layerTitle } from '../../words/layer-words.ts'
import { integer } from '../../words/format.ts'
import type { Page } from '../questions.ts'
import { GroupLine, LayerLine } from './layer-row.tsx'
import { metrics, type Metric } from './metrics.ts'
import { rangesOf, type Range } from './ranges.ts'
import { readingsOf } from './readings.ts'
import { layerList, rowsOf, type Filtering, type Sorting } from './rows.ts'
import { selectionOf } from './selection.ts'
import { Sight } from './sight.ts'
import './table.css'

/** With more layers than this, groups are closed at first. */
const mostOpen = 24
/** Milliseconds between two sortings by numbers that change: rows that move can neither be read nor clicked. */
const sortEvery = 1500

export function LayerTable({ page, seen }: { page: Page; seen: ReadonlySignal<boolean> }) {
  const { session } = page
  const readings = useMemo(() => readingsOf(session), [session])
  const sight = useMemo(() => new Sight(), [])
  useEffect(() => () => sight.destroy(), [sight])
  useSignalEffect(() => (seen.value ? readings.want() : undefined))
  const list = useComputed(() => {
    void session.state.signal.value.running
    void language.value
    const { trainer } = session
    if (!trainer) return null
    const types = new Map(placedLayers(trainer.model).map(({ path, layer }) => [path, layer.type]))
    return layerList(trainer.observation(), trainer.model.layers, (path) => types.get(path))
  })
  const sorting = useSignal<Sorting>({ by: 'depth', down: false })
  const filtering = useSignal<Filtering>({ text: '', type: '' })
  const closed = useSignal<ReadonlySet<string> | null>(null)
  const ordered = useSignal<Health | null>(null)
  const sortedAt = useRef(0)
  useSignalEffect(() => {
    const health = readings.health.value
    const { by } = sorting.value
    const last = ordered.peek()
    if (by === 'depth' || by === 'name') return
    if (!last || !health || performance.now() - sortedAt.current > sortEvery) {
      sortedAt.current = performance.now()
      ordered.value = health
    }
  })
  const { selected, choose, show } = useMemo(() => selectionOf(page), [page])
  useSignalEffect(() => {
    void readings.health.value
    show(seen.value)
  })
  const ranges = useComputed(() => rangesOf(session.state.signal.value.display.thresholds))
  const all = list.value
  if (!all) return null
  const folded: ReadonlySet<string> = closed.value ?? new Set(all.layers.length > mostOpen ? all.groups.keys() : [])
  const rows = rowsOf(all, sorting.value, filtering.value, folded, ordered.value)
  const sort = (by: Sorting['by']) => {
    const before = sorting.value
    ordered.value = readings.health.value
    // Numbers begin with the largest.
    const isNumber = by !== 'depth' && by !== 'name'
    if (before.by !== by) sorting.value = { by, down: isNumber }
    else if (before.down === isNumber && by !== 'depth') sorting.value = { by, down: !isNumber }
    else sorting.value = { by: 'depth', down: false }
  }
  const toggle = (path: string) => {
    const next = new Set(folded)
    if (!next.delete(path)) next.add(path)
    closed.value = next
  }
  return (
    <section class="layer-table" aria-label={t('layerTable.title')}>
      <header>
        <h3>{t('layerTable.title')}</h3>
        <Told health={readings.health} batchSize={session.trainer?.model.batchSize ?? 0} />
        <input
          type="text"
          value={filtering.value.text}
          placeholder={t('layerTable.filter')}
          aria-label={t('layerTable.filter')}
          onInput={({ currentTarget }) => (filtering.value = { ...filtering.value, text: currentTarget.value })}
        />
        <Select<Layer['type'] | ''>
          label={t('layerTable.kind')}
          options={[{ value: '', text: t('layerTable.all') }, ...all.types.map((type) => ({ value: type, text: layerTitle(type) }))]}
          value={filtering.value.type}
          onChange={(type) => (filtering.value = { ...filtering.value, type })}
        />
      </header>
      <div class="scroll" tabIndex={0} role="group" aria-label={t('layerTable.title')}>
        <table>
          <thead>
            <tr>
              <Head sorting={sorting.value} by="name" title={t('layerTable.layer')} about={t('layerTable.layer.about')} sort={sort} />
              {metrics.map(({ id, title, about, text }) => (
                <Head
                  key={id}
                  sorting={sorting.value}
                  by={id}
                  title={t(title)}
                  about={aboutText(about, text, ranges.value[id])}
                  sort={sort}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) =>
              row.kind === 'group' ? (
                <GroupLine key={`group ${row.path}`} row={row} isOpen={!folded.has(row.path)} toggle={() => toggle(row.path)} />
              ) : (
                <LayerLine
                  key={row.path}
                  row={row}
                  health={readings.health}
                  past={readings.past}
                  ranges={ranges}
                  sight={sight}
                  isSelected={selected.value === row.outputPath}
                  choose={() => choose(row)}
                />
              ),
            )}
          </tbody>
        </table>
        {rows.length === 0 && <p class="hint">{t('layerTable.none')}</p>}
      </div>
    </section>
  )
}

function aboutText(about: Metric['about'], text: Metric['text'], range: Range | undefined): string {
  if (!range) return t(about)
  const { least, most } = range
  return [t(about), t('layerTable.healthy', { least: least === undefined ? null : text(least), most: text(most) })].join(' ')
}

interface HeadProperties {
  sorting: Sorting
  by: Sorting['by']
  title: string
  about: string
  sort(by: Sorting['by']): void
}

function Head({ sorting, by, title, about, sort }: HeadProperties) {
  const order = sorting.by === by ? (sorting.down ? 'descending' : 'ascending') : 'none'
  return (
    <th scope="col" aria-sort={order} data-metric={by}>
      <button type="button" title={about} onClick={() => sort(by)}>
        {title}
      </button>
    </th>
  )
}

/** Of which step and of how many samples the numbers are. */
function Told({ health, batchSize }: { health: ReadonlySignal<Health | null>; batchSize: number }) {
  const { value } = health
  if (!value) return <p class="when">{t('layerTable.nothing')}</p>
  const { step, batch, window } = value
  const told = { step: integer(step), batch, of: batchSize, samples: integer(window.samples) }
  return <p class="when">{t('layerTable.told', told)}</p>
}
