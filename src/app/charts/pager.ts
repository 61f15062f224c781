/** From which one of many on some are shown, and buttons to those before and after; hidden where all have room. */
import { h, replace } from '../ui/dom.ts'
import { icon } from '../ui/icons.ts'
import { t } from '../words/language.ts'

export function pager(atOnce: number, choose: (first: number) => void) {
  let now = 0
  const turn = (by: 1 | -1) =>
    h(
      'button',
      {
        type: 'button',
        class: `icon-button${by < 0 ? ' back' : ''}`,
        'aria-label': () => t(by < 0 ? 'charts.histograms.before' : 'charts.histograms.after'),
        onclick: () => choose(now + by * atOnce),
      },
      icon('right'),
    )
  const [back, on] = [turn(-1), turn(1)]
  const from = h('select', { 'aria-label': () => t('charts.histograms.from'), onchange: () => choose(from.selectedIndex) })
  const element = h('div', { class: 'pager', hidden: true }, back, from, on)
  let names = ''
  return {
    element,
    show(all: readonly string[], first: number) {
      now = first
      element.hidden = all.length <= atOnce
      if (all.join('\n') !== names) {
        names = all.join('\n')
        replace(from, ...all.map((name) => h('option', {}, name)))
      }
      from.selectedIndex = first
      back.disabled = first === 0
      on.disabled = first + atOnce >= all.length
    },
  }
}
