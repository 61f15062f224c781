/** The page without WebGPU: which of the causes it is, and what to do about it. */
import { WebGpuUnavailable } from '../../gpu/device.ts'
import { h, svg } from '../ui/dom.ts'

type Cause = 'browser' | 'insecure' | 'adapter' | 'lost' | 'failed'

const causes: Record<Cause, { title: string; text: string; todo: string[] }> = {
  browser: {
    title: 'This browser has no WebGPU',
    text: 'gradscope trains and draws on your GPU through WebGPU, which this browser does not offer (it has no navigator.gpu).',
    todo: [
      'Chrome or Edge 113 and later have it on Windows, macOS and ChromeOS; on Linux open chrome://flags and enable “Unsafe WebGPU Support”.',
      'Safari has it from version 26, Firefox from 141 on Windows and from 145 on macOS.',
      'On Android, Chrome has it from version 121.',
    ],
  },
  insecure: {
    title: 'This page was not loaded securely',
    text: 'Browsers offer WebGPU to secure origins only, and this page came over plain http from another machine.',
    todo: [
      'Open it over https, or from localhost or 127.0.0.1.',
      'If it is served on another machine, forward its port to this one and open it on localhost.',
    ],
  },
  adapter: {
    title: 'No GPU that WebGPU may use',
    text: 'This browser knows WebGPU, but found no adapter: no GPU with a driver that it trusts.',
    todo: [
      'Look at chrome://gpu: under “Graphics Feature Status” it says why WebGPU is off.',
      'See that hardware acceleration is on in the browser’s settings, and that the GPU’s driver is up to date.',
      'Without any GPU, start Chrome with --enable-unsafe-webgpu --use-webgpu-adapter=swiftshader: slow, but it works.',
    ],
  },
  lost: {
    title: 'The GPU was lost',
    text: 'The browser or the driver took the GPU away: it was reset, unplugged, or the system went to sleep.',
    todo: ['Load the page again to start the run anew.'],
  },
  failed: {
    title: 'The GPU could not be opened',
    text: 'WebGPU is there, but starting it failed.',
    todo: ['Load the page again; if it fails again, restart the browser.', 'See that the GPU’s driver is up to date.'],
  },
}

export function showUnsupported(error: unknown, cause?: Cause): void {
  const found = cause ?? (error instanceof WebGpuUnavailable ? error.reason : 'failed')
  const { title, text, todo } = causes[found]
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
        h('h2', {}, title),
        h('p', {}, text),
        h('ul', {}, ...todo.map((line) => h('li', {}, line))),
        h('p', {}, h('button', { type: 'button', class: 'button primary', onclick: () => location.reload() }, 'Try again')),
        h('p', { class: 'found', style: 'margin-top: 18px' }, `Found: ${message}`),
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
