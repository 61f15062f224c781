/** The page without WebGPU: which of the causes it is, and what to do about it. */
import { WebGpuUnavailable } from '../../gpu/device.ts'
import { h, svg } from '../ui/dom.ts'
import { t } from '../words/language.ts'

type Cause = 'browser' | 'insecure' | 'adapter' | 'lost' | 'failed'
/** What to do about each, one after the other. */
const remedies = {
  browser: ['shell.unsupported.chrome', 'shell.unsupported.safari', 'shell.unsupported.android'],
  insecure: ['shell.unsupported.https', 'shell.unsupported.forward'],
  adapter: ['shell.unsupported.status', 'shell.unsupported.acceleration', 'shell.unsupported.software'],
  lost: ['shell.unsupported.reload'],
  failed: ['shell.unsupported.restart', 'shell.unsupported.driver'],
} as const

export function showUnsupported(error: unknown, cause?: Cause): void {
  const found = cause ?? (error instanceof WebGpuUnavailable ? error.reason : 'failed')
  const message = error instanceof Error ? error.message : String(error)
  document.body.dataset['phase'] = found === 'lost' ? 'lost' : 'unsupported'
  document.body.dataset['cause'] = found
  document.querySelector('.unsupported')?.remove()
  document.body.append(
    h(
      'div',
      { class: 'unsupported', role: 'alert' },
      h(
        'div',
        {},
        picture(),
        h('h2', {}, () => t(`shell.unsupported.${found}`)),
        h('p', {}, () => t(`shell.unsupported.${found}Text`)),
        h('ul', {}, ...remedies[found].map((code) => h('li', {}, () => t(code)))),
        h(
          'p',
          {},
          h('button', { type: 'button', class: 'button primary', onclick: () => location.reload() }, () => t('shell.unsupported.tryAgain')),
        ),
        h('p', { class: 'found', style: 'margin-top: 18px' }, () => t('shell.unsupported.found', { error: message })),
      ),
    ),
  )
}

/** A small network, so that the page shows at least what it is about. */
function picture(): SVGElement {
  const columns = [4, 5, 3, 1].map((count, i) =>
    Array.from({ length: count }, (_, k) => ({ x: 20 + i * 60, y: 60 + (k - (count - 1) / 2) * 24 })),
  )
  const edges = columns.slice(1).flatMap((to, i) => to.flatMap((b) => (columns[i] ?? []).map((a) => ({ a, b }))))
  return svg(
    'svg',
    { viewBox: '0 0 220 120', 'aria-hidden': 'true' },
    ...edges.map(({ a, b }, i) =>
      svg('line', {
        x1: a.x,
        y1: a.y,
        x2: b.x,
        y2: b.y,
        stroke: '#5fe0cd',
        'stroke-width': 0.5 + ((i * 7) % 5) * 0.28,
        opacity: 0.14 + ((i * 7) % 5) * 0.11,
      }),
    ),
    ...columns.flat().map(({ x, y }) => svg('circle', { cx: x, cy: y, r: 5, fill: '#151a22', stroke: '#5fe0cd', 'stroke-width': 1.4 })),
  )
}
