/** The numerical properties that were looked at on an adapter. */
import { byId, h, replace } from '../../src/app/ui/dom.ts'
import type { NumericsCheck } from '../result.ts'
import { figure } from '../table.ts'

export function numericsCard(checks: readonly NumericsCheck[], adapter: string): void {
  const card = byId('numerics')
  card.hidden = checks.length === 0
  const passed = checks.filter(({ ok }) => ok).length
  replace(
    card,
    h(
      'header',
      { class: 'card-head' },
      h('h3', {}, `Numerics on ${adapter}`),
      h('span', { class: 'note' }, `${passed} of ${checks.length} passed`),
    ),
    h(
      'ul',
      { class: 'checks' },
      ...checks.map(({ name, ok, error }) =>
        h(
          'li',
          { 'data-ok': String(ok) },
          h('span', {}, name),
          h('span', { class: 'quiet' }, !ok ? 'failed' : error === null ? 'holds' : `error ${figure(error)}`),
        ),
      ),
    ),
  )
}
