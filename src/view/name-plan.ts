import { inEnglish } from '../words/english.ts'
import type { Eye } from './eye.ts'
import { groupWidth, indent, missingAbove, placeNames, type PlacedName, type Wanted } from './label-places.ts'
import type { Arrangement, CollapsibleObservation } from './arrangement.ts'
import { linesOf, nameStyle, namesOf, type Form, type Line, type Name, type Names, type Say } from './names.ts'
import { sceneOf } from './scene.ts'
import type { SeenName } from './types.ts'

/** Width at which names wrap above a network; beside one, the largest share of the free area. */
const narrow = 78
const widestBeside = 0.27
/** Above a network at least, and at most, a share of the free area's height. */
const leastAbove = 46
const mostAbove = 0.32
/** Between the names beside a network and the network. */
const clearance = 8

interface Written {
  lines: Line[]
  width: number
  height: number
}

/** The names of a network and their places. */
export class NamePlan {
  readonly names: Names
  readonly #widthOf: (text: string) => number
  #narrow = narrow
  #written = new Map<Name, Map<Form, Written | null>>()

  /** `widthOf` measures a text in CSS pixels. */
  constructor(observation: CollapsibleObservation, widthOf: (text: string) => number, say: Say = inEnglish) {
    this.names = namesOf(observation, say)
    this.#widthOf = widthOf
  }

  /** Width at which names wrap. */
  get narrow() {
    return this.#narrow
  }

  /** Lines of a name and the size that they take; null where it has no such form. */
  write(name: Name, form: Form): Written | null {
    let forms = this.#written.get(name)
    if (!forms) this.#written.set(name, (forms = new Map()))
    let written = forms.get(form)
    if (written === undefined) {
      const lines = linesOf(name, form, this.#widthOf, this.#narrow)
      const { side, top, bottom } = nameStyle.padding
      written = lines && {
        lines,
        // A pixel for what a browser rounds.
        width: Math.ceil(Math.max(...lines.map(({ text }) => this.#widthOf(text)))) + 1 + 2 * side,
        height: lines.length * nameStyle.lineHeight + top + bottom,
      }
      forms.set(form, written)
    }
    return written
  }

  /** The least room that the names need around a network that is not yet fitted. */
  leastRoom(eye: Eye): Eye['room'] {
    const before = this.#narrow
    this.#narrow = eye.upright ? Math.min(widestBeside * eye.free().width, 140) : narrow
    if (this.#narrow !== before) this.#written.clear()
    if (!eye.upright) return { left: 0, top: leastAbove }
    const widths = this.names.sets.at(-1)!.map((name) => this.write(name, 'wrapped')!.width)
    const levels = Math.max(0, ...this.names.groups.map(({ level }) => level + 1))
    return { left: indent + Math.max(...widths) + levels * groupWidth + clearance, top: 0 }
  }

  /** How much more room above the network would fit more names. */
  missing(eye: Eye, arrangement: Arrangement): number {
    const scene = sceneOf(eye, arrangement)
    const spare = Math.max(0, mostAbove * eye.free().height - eye.room.top)
    return missingAbove(this.names, (name, form) => this.write(name, form), scene, spare)
  }

  place(eye: Eye, arrangement: Arrangement, wanted: Wanted): PlacedName[] {
    return placeNames(this.names, (name, form) => this.write(name, form), sceneOf(eye, arrangement), wanted)
  }

  /** The names as they are seen, with nothing emphasised. */
  seen(eye: Eye, arrangement: Arrangement): SeenName[] {
    return this.place(eye, arrangement, null).map(({ name, form, ...place }) => ({
      ...place,
      texts: this.write(name, form)!.lines.map(({ text, isRest }) => ({ text, isRest })),
      isCentred: !arrangement.upright || form === 'glyph',
    }))
  }
}

/** Measures text in the font of the names; without a canvas a letter counts as about half as wide as high. */
export function textWidth(): (text: string) => number {
  const context = typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1).getContext('2d')
  if (context) context.font = nameStyle.font
  const known = new Map<string, number>()
  return (text) => {
    let width = known.get(text)
    // Letters stand a hundredth of their size further apart.
    if (width === undefined) known.set(text, (width = (context?.measureText(text).width ?? 6.3 * text.length) + 0.12 * text.length))
    return width
  }
}
