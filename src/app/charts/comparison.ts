/** Networks trained side by side: gradient norms by depth, losses, and for each a sentence that says what one sees. */
import { DepthReader, type DepthNorm } from '../../inspect/depth.ts'
import type { Progress, Trainer } from '../../train/types.ts'
import { card } from '../ui/card.ts'
import { guessingLoss } from '../run/comparison.ts'
import { Curve, smoothed } from '../run/curves.ts'
import { flowWords, learningWords } from '../words/depth-words.ts'
import { h, replace, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { linesPlot } from './lines.ts'
import type { Session } from '../run/session.ts'
import { classColours } from './surface.ts'

export interface ComparisonCard {
  readonly seen: boolean
  /** Reads the gradients of all networks and shows them. */
  measure(): Promise<void>
}

interface Row {
  element: HTMLElement
  words: HTMLElement
  curve: Curve
  norms: DepthNorm[]
}

/** Steps over which a loss is averaged before it is spoken of. */
const lately = 20
const colourOf = (index: number): string => classColours[index % classColours.length]!

export function comparisonCard(session: Session): ComparisonCard {
  const own = card('card-comparison', 'Gradient norm by depth')
  own.element.hidden = true
  setText(own.note, 'side by side, log scale')
  const byDepth = linesPlot('Gradient norm of every weight by depth, one line a network', 168)
  const losses = linesPlot('Loss of every network over the steps', 104)
  const list = h('div', { class: 'compared', role: 'radiogroup', 'aria-label': 'The network that the picture shows', onkeydown: move })
  own.body.append(byDepth.canvas, list, h('p', { class: 'subhead' }, 'Loss over the steps'), losses.canvas)
  let rows: Row[] = []
  let reader: DepthReader | null = null
  /** The trainers that it reads. */
  let read: readonly Trainer[] = []
  let shown = -1

  function move(event: KeyboardEvent) {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    if (!by || rows.length === 0) return
    event.preventDefault()
    const next = (shown + by + rows.length) % rows.length
    rows[next]?.element.focus()
    void session.showVariant(next)
  }

  const build = (names: readonly string[]) => {
    rows = names.map((name, i) => {
      const words = h('span', { class: 'words' })
      const element = h(
        'button',
        { type: 'button', role: 'radio', class: 'variant', title: `Show ${name} in 3D`, onclick: () => void session.showVariant(i) },
        h('i', { style: `background: ${colourOf(i)}` }),
        h('b', {}, name),
        words,
      )
      return { element, words, curve: new Curve(600), norms: [] }
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
      rows.map(({ curve }, i) => ({ x: curve.x, y: smoothed(curve.y), colour: colourOf(i), strong: i === shown })),
      {
        low: 1,
        high: last,
        labels: [
          { at: 1, text: '1' },
          { at: last, text: `step ${format.integer(last)}` },
        ],
      },
    )
  }
  const drawNorms = () => {
    byDepth.show(
      rows.map(({ norms }, i) => ({
        x: norms.map((_, k) => (norms.length > 1 ? k / (norms.length - 1) : 0)),
        y: norms.map(({ norm }) => norm),
        colour: colourOf(i),
        strong: i === shown,
        dots: true,
      })),
      {
        low: 0,
        high: 1,
        labels: [
          { at: 0, text: 'first layer' },
          { at: 1, text: 'last layer' },
        ],
      },
    )
  }
  const tell = () => {
    const { dataset, running } = session.state.value
    const chance = dataset && running ? guessingLoss(dataset, running.training.loss) : null
    for (const [i, { words, norms, curve }] of rows.entries()) {
      const endedAt = session.state.value.endedAt[i] ?? null
      const recent = curve.y.slice(-lately).filter((value) => value !== null)
      const loss = recent.length > 0 ? recent.reduce((sum, value) => sum + value, 0) / recent.length : null
      const ended = endedAt === null ? '' : `Ended early at step ${format.integer(endedAt)}.`
      setText(words, [flowWords(norms), learningWords(loss, chance), ended].filter(Boolean).join(' '))
    }
  }

  const forgetReader = () => {
    reader?.destroy()
    reader = null
    read = []
  }
  session.runner.onRound((round: readonly Progress[]) => {
    round.forEach(({ step, losses: values }, i) => {
      // A run that begins anew.
      if (step === values.length) rows[i]?.curve.clear()
      values.forEach((loss, k) => rows[i]?.curve.push(step - values.length + 1 + k, loss))
    })
    if (own.seen) drawLosses()
  })
  session.state.watch(
    (state) => state.endedAt,
    () => tell(),
  )
  session.state.watch(
    (state) => state.running?.comparison,
    (comparison) => {
      own.element.hidden = !comparison
      if (!comparison) return forgetReader()
      const names = comparison.variants.map(({ name }) => name)
      if (names.join('\n') !== rows.map(({ element }) => element.querySelector('b')?.textContent).join('\n')) build(names)
      choose(comparison.shown)
      drawNorms()
      drawLosses()
    },
  )

  return {
    get seen() {
      return own.seen && rows.length > 0
    },
    async measure() {
      const { trainers } = session
      if (trainers !== read) {
        forgetReader()
        read = trainers
        reader = new DepthReader(
          session.engine.device,
          trainers.map((trainer) => trainer.observation()),
        )
      }
      if (!reader) return
      // Before the first step there is nothing to measure, and what stands there is of the run before.
      const isAtStart = session.trainer?.step === 0
      const norms = isAtStart ? [] : await reader.read()
      rows.forEach((row, i) => (row.norms = norms[i] ?? []))
      if (isAtStart) {
        for (const { curve } of rows) curve.clear()
        drawLosses()
      }
      drawNorms()
      tell()
    },
  }
}
