/** Networks trained side by side: gradient norms by depth, losses, and for each a sentence that says what one sees. */
import type { DepthNorm } from '../../inspect/diagnosis.ts'
import type { Variant } from '../../data/depth-comparison.ts'
import type { Progress } from '../../train/types.ts'
import { guessingLoss } from '../run/comparison.ts'
import { Curve, smoothed } from '../run/curves.ts'
import { h, replace, setText } from '../ui/dom.ts'
import { flowWords, learningWords } from '../words/depth-words.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import type { Card } from './card.ts'
import { linesPlot } from './lines.ts'
import { classColour, classStyle } from './palette.ts'

interface Row {
  variant: Variant
  name: HTMLElement
  element: HTMLElement
  words: HTMLElement
  curve: Curve
  norms: readonly DepthNorm[]
}

/** Steps over which a loss is averaged before it is spoken of. */
const lately = 20

export const comparison: Card<'comparison'> = {
  id: 'comparison',
  title: 'charts.comparison.title',
  name: 'charts.comparison.name',
  note: 'charts.comparison.note',
  needs: 'comparison',
  make(place, { session }) {
    place.element.hidden = true
    const byDepth = linesPlot(() => t('charts.comparison.depthChart'), 168)
    const losses = linesPlot(() => t('charts.comparison.lossChart'), 104)
    const list = h('div', { class: 'compared', role: 'radiogroup', 'aria-label': () => t('charts.comparison.shown'), onkeydown: move })
    place.body.append(
      byDepth.canvas,
      list,
      h('p', { class: 'subhead' }, () => t('charts.comparison.losses')),
      losses.canvas,
    )
    let rows: Row[] = []
    let shown = -1

    function move(event: KeyboardEvent) {
      const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
      if (!by || rows.length === 0) return
      event.preventDefault()
      const next = (shown + by + rows.length) % rows.length
      rows[next]?.element.focus()
      void session.showVariant(next)
    }

    const build = (variants: readonly Variant[]) => {
      rows = variants.map((variant, i) => {
        const name = h('b')
        const words = h('span', { class: 'words' })
        const element = h(
          'button',
          { type: 'button', role: 'radio', class: 'variant', onclick: () => void session.showVariant(i) },
          h('i', { style: `background: ${classStyle(i)}` }),
          name,
          words,
        )
        return { variant, name, element, words, curve: new Curve(600), norms: [] }
      })
      replace(list, ...rows.map(({ element }) => element))
    }

    const choose = (index: number) => {
      shown = index
      rows.forEach(({ element }, i) => {
        element.setAttribute('aria-checked', String(i === index))
        element.setAttribute('tabindex', i === index ? '0' : '-1')
      })
    }

    const drawLosses = () => {
      const last = Math.max(1, ...rows.map(({ curve }) => curve.x.at(-1) ?? 0))
      losses.show(
        rows.map(({ curve }, i) => ({ x: curve.x, y: smoothed(curve.y), colour: classColour(i), strong: i === shown })),
        {
          low: 1,
          high: last,
          // Before the second step both would stand in one place.
          labels: [
            { at: 1, text: last > 1 ? '1' : '' },
            { at: last, text: last > 1 ? t('charts.step', { step: format.integer(last) }) : '' },
          ],
        },
      )
    }
    const drawNorms = () => {
      byDepth.show(
        rows.map(({ norms }, i) => ({
          x: norms.map((_, k) => (norms.length > 1 ? k / (norms.length - 1) : 0)),
          y: norms.map(({ norm }) => norm),
          colour: classColour(i),
          strong: i === shown,
          dots: true,
        })),
        {
          low: 0,
          high: 1,
          labels: [
            { at: 0, text: t('charts.comparison.firstLayer') },
            { at: 1, text: t('charts.comparison.lastLayer') },
          ],
        },
      )
    }
    const tell = () => {
      const { dataset, running, endedAt } = session.state.value
      const chance = dataset && running ? guessingLoss(dataset, running.training.loss) : null
      for (const [i, { variant, name, element, words, norms, curve }] of rows.entries()) {
        const called = variant.title ? t(variant.title) : variant.name
        const ended = endedAt[i] ?? null
        const recent = curve.y.slice(-lately).filter((value) => value !== null)
        const loss = recent.length > 0 ? recent.reduce((sum, value) => sum + value, 0) / recent.length : null
        const sentences = [
          flowWords(norms),
          learningWords(loss, chance),
          ended === null ? '' : t('charts.comparison.ended', { step: format.integer(ended) }),
        ].filter(Boolean)
        setText(words, t('charts.sentences', { sentences }))
        setText(name, called)
        element.title = t('charts.comparison.show', { name: called })
      }
    }

    const draw = () => {
      tell()
      drawNorms()
      drawLosses()
    }

    session.runner.onRound((round: readonly Progress[]) => {
      round.forEach(({ step, losses: values }, i) => {
        // A run that begins anew.
        if (step === values.length) rows[i]?.curve.clear()
        values.forEach((loss, k) => rows[i]?.curve.push(step - values.length + 1 + k, loss))
      })
      if (place.seen) drawLosses()
    })
    session.state.watch(
      (state) => state.endedAt,
      () => tell(),
    )
    session.state.watch(
      (state) => state.running?.comparison,
      (compared) => {
        place.element.hidden = !compared
        if (!compared) return
        const { variants } = compared
        if (variants.length !== rows.length || variants.some(({ name }, i) => name !== rows[i]?.variant.name)) build(variants)
        choose(compared.shown)
        draw()
      },
    )

    return {
      show({ norms }) {
        rows.forEach((row, i) => (row.norms = norms[i] ?? []))
        draw()
      },
      clear() {
        // Where another of them is shown, or parameters are loaded, all that was compared still holds.
        if (session.trainers.some(({ step }) => step > 0)) return tell()
        for (const row of rows) {
          row.norms = []
          row.curve.clear()
        }
        draw()
      },
    }
  },
}
