/** What the run costs: parameters, memory by use, work a step. */
import type { Cost } from '../../train/types.ts'
import { card } from '../ui/card.ts'
import { h, replace, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'

export interface CostCard {
  show(cost: Cost): void
  update(stepsPerSecond: number): void
}

const shades = ['#5fe0cd', '#3fae9f', '#2f8177', '#255f59', '#4a5163']

export function costCard(showKernels: () => void): CostCard {
  const { body, note } = card('card-cost', 'Cost')
  const [rate, work] = [h('dd'), h('dd')]
  let flops = 0
  return {
    show(cost) {
      flops = cost.flopsPerStep
      const memory: [string, number][] = [
        ['Parameters', cost.parameterBytes],
        ['Gradients', cost.gradientBytes],
        ['Optimizer state', cost.optimizerBytes],
        ['Activations', cost.activationBytes + cost.statisticBytes],
        ['Data', cost.dataBytes],
      ]
      const total = memory.reduce((sum, [, size]) => sum + size, 0)
      setText(note, format.bytes(total))
      replace(
        body,
        h(
          'div',
          { class: 'memory', role: 'img', 'aria-label': memory.map(([name, size]) => `${name} ${format.bytes(size)}`).join(', ') },
          ...memory.map(([, size], i) => h('span', { style: `flex-grow: ${size / Math.max(1, total)}; background: ${shades[i]}` })),
        ),
        h(
          'dl',
          { class: 'cost' },
          ...memory.flatMap(([name, size], i) => [
            h('dt', {}, h('i', { style: `background: ${shades[i]}` }), name),
            h('dd', {}, format.bytes(size)),
          ]),
          h('dt', { title: 'With what alignment, evaluation and readback add' }, 'Allocated on the GPU'),
          h('dd', {}, format.bytes(cost.allocatedBytes)),
          h('dt', {}, 'Number of parameters'),
          h('dd', {}, format.integer(cost.parameters)),
          h('dt', {}, 'Work a step'),
          h('dd', {}, format.amount(cost.flopsPerStep, 'FLOP')),
          h('dt', {}, 'Kernels a step'),
          h('dd', {}, format.integer(cost.dispatchesPerStep)),
          h('dt', {}, 'Steps a second'),
          rate,
          h('dt', {}, 'Work a second'),
          work,
        ),
        h('button', { type: 'button', class: 'button', id: 'show-kernels', onclick: showKernels }, 'Kernels …'),
      )
    },
    update(stepsPerSecond) {
      setText(rate, stepsPerSecond > 0 ? format.rate(stepsPerSecond) : '–')
      setText(work, stepsPerSecond > 0 ? format.amount(flops * stepsPerSecond, 'FLOP/s') : '–')
    },
  }
}
