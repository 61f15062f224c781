/** The cards as they stand in the right rail: which of them need something, and what each was last handed. */
import { language } from '../words/language.ts'
import type { Card, Chart, Frame, Need, Page, Unmeasured } from './card.ts'
import { placeFor, type Place } from './place.ts'

interface Standing {
  card: Card
  place: Place
  chart: Chart
  /** What it shows; null: nothing was found since it was cleared. */
  frame: Frame | null
}

export class Rail {
  readonly #page: Page
  readonly #standing: readonly Standing[]
  #unmeasured: Unmeasured | null = null

  constructor(cards: readonly Card[], page: Page) {
    this.#page = page
    this.#standing = cards.map((card) => {
      const place = placeFor(card)
      return { card, place, chart: card.make(place, page), frame: null }
    })
    language.subscribe(() => this.#again())
  }

  /** Whether a card needs this of the data at hand, hidden or not. */
  needs(need: Need): boolean {
    return this.#standing.some(({ card }) => this.#needOf(card) === need)
  }

  /** Whether a card in sight does. */
  wants(need: Need): boolean {
    return this.#standing.some(({ card, place }) => place.seen && this.#needOf(card) === need)
  }

  /** Hands what was found to every card that needs it. */
  show(frame: Frame): void {
    for (const standing of this.#standing)
      if (this.#needOf(standing.card) === frame.need) {
        standing.frame = frame
        standing.chart.show(frame)
      }
  }

  /** Another network is shown, or it begins anew: what stands in the cards is of parameters that are gone. */
  clear(network: Unmeasured): void {
    this.#unmeasured = network
    for (const standing of this.#standing)
      if (standing.chart.clear) {
        standing.frame = null
        standing.chart.clear(network)
      }
  }

  /** The same in another language. */
  #again(): void {
    for (const { chart, frame } of this.#standing) {
      if (frame) chart.show(frame)
      else if (this.#unmeasured) chart.clear?.(this.#unmeasured)
    }
  }

  #needOf({ needs }: Card): Need | null {
    const { dataset } = this.#page.session.state.value
    return typeof needs !== 'function' ? needs : dataset && needs(dataset)
  }
}
