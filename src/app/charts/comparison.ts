/** Networks trained side by side: gradient norms by depth, losses, and for each a sentence that says what one sees. */
import type { DepthNorm } from '../../inspect/diagnosis.ts'
import { shownOf, titlesOf } from '../run/experiments.ts'
import { guessingLoss } from '../run/guessing.ts'
import { smoothed } from '../../answers/smoothed.ts'
import { h, replace, setText } from '../ui/dom.ts'
import { flowWords, learningWords } from '../words/depth-words.ts'
import * as format from '../words/format.ts'
import { said, t } from '../words/language.ts'
import { same } from '../../same.ts'
import type { Message } from '../../words/say.ts'
import type { Card } from './card.ts'
import { linesPlot } from './lines.ts'
import { classColour, classStyle } from './palette.ts'

interface Row {
  title: Message
  name: HTMLElement
  element: HTMLElement
  words: HTMLElement
  norms: readonly DepthNorm[]
}

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

    const build = (titles: readonly Message[]) => {
      rows = titles.map((title, i) => {
        const name = h('b')
        const words = h('span', { class: 'words' })
        const element = h(
          'button',
          { type: 'button', role: 'radio', class: 'variant', onclick: () => void session.showVariant(i) },
          h('i', { style: `background: ${classStyle(i)}` }),
          name,
          words,
        )
        return { title, name, element, words, norms: [] }
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

    /** Its losses, as long as there is a trainer for it. */
    const trackOf = (i: number) => {
      const trainer = session.trainers[i]
      return trainer && session.tracks.of(trainer)
    }
    const drawLosses = () => {
      const curves = rows.map((_, i) => trackOf(i)?.loss ?? { x: [], y: [] })
      const last = Math.max(1, ...curves.map(({ x }) => x.at(-1) ?? 0))
      losses.show(
        curves.map(({ x, y }, i) => ({ x, y: smoothed(y), colour: classColour(i), strong: i === shown })),
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
      for (const [i, { title, name, element, words, norms }] of rows.entries()) {
        const called = said(title)
        const ended = endedAt[i] ?? null
        const loss = trackOf(i)?.recent ?? null
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

    session.runner.onRound(() => {
      if (place.seen) drawLosses()
    })
    session.state.watch(
      (state) => state.endedAt,
      () => tell(),
    )
    session.state.watch(
      (state) => state.running,
      (running) => {
        const experiments = running?.experiments
        place.element.hidden = !experiments
        if (!experiments) return
        const titles = titlesOf(experiments)
        if (
          !same(
            titles,
            rows.map(({ title }) => title),
          )
        )
          build(titles)
        choose(shownOf(running))
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
        for (const row of rows) row.norms = []
        draw()
      },
    }
  },
}
