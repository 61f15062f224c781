/** A row of the table of layers. Its numbers are written in place, and only while it is in sight. */
import { effect, type ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Health } from '../../../inspect/health.ts'
import { setText } from '../../ui/dom.ts'
import { nameParts } from '../../ui/long-name.ts'
import { t } from '../../words/language.ts'
import { levelOf, metrics, sparkline } from './metrics.ts'
import type { Ranges } from './ranges.ts'
import type { Past } from './readings.ts'
import type { GroupRow, LayerRow } from './rows.ts'
import type { Sight } from './sight.ts'

const spark = { width: 48, height: 12 }

interface Properties {
  row: LayerRow
  health: ReadonlySignal<Health | null>
  past: ReadonlyMap<string, Past>
  ranges: ReadonlySignal<Ranges>
  sight: Sight
  isSelected: boolean
  choose(): void
}

export function LayerLine({ row, health, past, ranges, sight, isSelected, choose }: Properties) {
  const line = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    const element = line.current!
    const isSeen = sight.follow(element)
    const stop = effect(() => {
      if (isSeen.value) write(element, row, health.value, past.get(row.path), ranges.value)
    })
    return () => {
      stop()
      sight.leave(element)
    }
  }, [row, health, past, ranges, sight])
  const { around, own } = nameParts(row.name)
  return (
    <tr ref={line} data-layer={row.path} aria-current={isSelected ? 'true' : undefined} onClick={choose}>
      <th scope="row">
        <button type="button" title={row.about === '' ? row.name : `${row.name} · ${row.about}`}>
          <b class="long-name">
            {around !== '' && <bdi class="around">{around}</bdi>}
            <bdi>{own}</bdi>
          </b>
          {row.about !== '' && <small>{row.about}</small>}
        </button>
      </th>
      {metrics.map(({ id }) => (
        <td key={id} data-metric={id}>
          <span>–</span>
          <svg viewBox={`0 0 ${spark.width} ${spark.height}`} width={spark.width} height={spark.height} aria-hidden="true">
            <polyline points="" />
          </svg>
        </td>
      ))}
    </tr>
  )
}

function write(line: HTMLTableRowElement, { index }: LayerRow, health: Health | null, past: Past | undefined, ranges: Ranges): void {
  const layer = health?.layers[index]
  metrics.forEach((metric, i) => {
    const cell = line.cells[i + 1]!
    const value = layer ? metric.of(layer) : null
    setText(cell.firstElementChild as HTMLElement, metric.text(value))
    // An output that is sure of its classes saturates, and is right to.
    const isJudged = metric.id !== 'saturated' || index < (health?.layers.length ?? 0) - 1
    const level = levelOf(metric, value, isJudged ? ranges : {})
    if (cell.dataset['level'] !== level) cell.dataset['level'] = level
    cell.querySelector('polyline')!.setAttribute('points', sparkline(metric, past?.[metric.id] ?? [], spark.width, spark.height))
  })
}

export function GroupLine({ row, isOpen, toggle }: { row: GroupRow; isOpen: boolean; toggle(): void }) {
  return (
    <tr class="group" data-group={row.path}>
      <th scope="rowgroup" colSpan={metrics.length + 1}>
        <button type="button" aria-expanded={isOpen} onClick={toggle}>
          <b>{row.name}</b>
          <small>{t('layerTable.layers', { count: row.count })}</small>
        </button>
      </th>
    </tr>
  )
}
