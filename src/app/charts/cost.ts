/** What the run costs: parameters, memory by use, work per step. */
import { signal } from '@preact/signals'
import type { Cost } from '../../train/types.ts'
import type { Code } from '../../words/say.ts'
import { h, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import type { Card } from './card.ts'

/** What takes memory. */
const uses = [
  ['charts.cost.parameters', (cost) => cost.parameterBytes],
  ['charts.cost.gradients', (cost) => cost.gradientBytes],
  ['charts.cost.optimizer', (cost) => cost.optimizerBytes],
  ['charts.cost.activations', (cost) => cost.activationBytes + cost.statisticBytes],
  ['charts.cost.data', (cost) => cost.dataBytes],
] as const satisfies readonly (readonly [Code, (cost: Cost) => number])[]
/** Before the run is there, what the bar is of. */
function memoryText(cost: Cost | null): string {
  if (!cost) return t('charts.cost.title')
  const said = uses.map(([code, bytesOf]) => t('charts.cost.use', { what: t(code), size: format.bytes(bytesOf(cost)) }))
  return t('charts.cost.memory', { uses: said })
}
const shadeOf = (use: number): string => `background: var(--memory-${use + 1})`

export const cost: Card<'cost'> = {
  id: 'cost',
  title: 'charts.cost.title',
  name: 'charts.cost.name',
  needs: 'cost',
  make({ body, note }, { openKernels }) {
    const shares = uses.map((_, i) => h('span', { style: shadeOf(i) }))
    const memory = signal<Cost | null>(null)
    const bar = h('div', { class: 'memory', role: 'img', 'aria-label': () => memoryText(memory.value) }, ...shares)
    const sizes = uses.map(() => h('dd'))
    const [allocated, count, work, kernels, rate, workRate] = [h('dd'), h('dd'), h('dd'), h('dd'), h('dd'), h('dd')]
    const term = (code: 'allocated' | 'count' | 'work' | 'kernelCount' | 'rate' | 'workRate', title?: () => string) =>
      h('dt', { title }, () => t(`charts.cost.${code}`))
    body.append(
      bar,
      h(
        'dl',
        { class: 'cost' },
        ...uses.flatMap(([code], i) => [h('dt', {}, h('i', { style: shadeOf(i) }), () => t(code)), sizes[i]]),
        term('allocated', () => t('charts.cost.allocatedHint')),
        allocated,
        term('count'),
        count,
        term('work'),
        work,
        term('kernelCount'),
        kernels,
        term('rate'),
        rate,
        term('workRate'),
        workRate,
      ),
      h('button', { type: 'button', class: 'button', id: 'show-kernels', onclick: openKernels }, () => t('charts.cost.kernels')),
    )

    const showMemory = (own: Cost) => {
      const parts = uses.map(([, bytesOf]) => bytesOf(own))
      const total = parts.reduce((sum, bytes) => sum + bytes, 0)
      setText(note, format.bytes(total))
      memory.value = own
      parts.forEach((bytes, i) => {
        const [share, size] = [shares[i], sizes[i]]
        if (share) share.style.flexGrow = String(bytes / Math.max(1, total))
        if (size) setText(size, format.bytes(bytes))
      })
    }

    return {
      show({ cost: own, stepsPerSecond }) {
        showMemory(own)
        setText(allocated, format.bytes(own.allocatedBytes))
        setText(count, format.integer(own.parameters))
        setText(work, format.amount(own.flopsPerStep, 'FLOP'))
        setText(kernels, format.integer(own.dispatchesPerStep))
        setText(rate, stepsPerSecond > 0 ? format.rate(stepsPerSecond) : '–')
        setText(workRate, stepsPerSecond > 0 ? format.amount(own.flopsPerStep * stepsPerSecond, 'FLOP/s') : '–')
      },
    }
  },
}
