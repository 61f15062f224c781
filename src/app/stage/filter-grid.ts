/** Filters of a convolution as small images, by weight and by gradient: output channels down, input channels across. */
import { filterOf, type Filters } from '../../inspect/filters.ts'
import { neuronColourOf } from '../../view/colour.ts'
import { h, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'

export interface FilterGrid {
  element: HTMLElement
  /** `selected`: the filter that was clicked, of a row and a column, or of all columns of a row. */
  show(filters: Filters | undefined, selected: { row: number; column?: number }, isComputed: boolean): void
}

/** Width of a picture in CSS pixels; what is larger scrolls. */
const across = 222
/** Sides of a tap: whole pixels, so that all are of one size, and no smaller than can be told apart. */
const tapSize = { least: 4, most: 12 }
/** A browser has no wider canvas, in its own pixels. */
const widestCanvas = 16_384

export function filterGrid(): FilterGrid {
  const part = (label: string) => {
    const canvas = h('canvas', { role: 'img', 'aria-label': `Filters by ${label}` })
    const range = h('span')
    // What scrolls must be reached by keys too.
    const scroll = h('div', { class: 'filter-scroll', tabindex: 0, role: 'group', 'aria-label': `Filters by ${label}` }, canvas)
    return { canvas, scroll, range, element: h('figure', {}, h('figcaption', {}, label, range), scroll) }
  }
  const [weight, gradient] = [part('weight'), part('gradient')]
  const element = h('div', { class: 'filters', hidden: true }, weight.element, gradient.element)
  // Both pictures are of the same filters.
  const together = (one: HTMLElement, other: HTMLElement) =>
    one.addEventListener('scroll', () => other.scrollTo(one.scrollLeft, one.scrollTop), { passive: true })
  together(weight.scroll, gradient.scroll)
  together(gradient.scroll, weight.scroll)
  let shown = ''
  return {
    element,
    show(filters, selected, isComputed) {
      element.hidden = !filters
      if (!filters) return
      for (const [{ canvas, range }, numbers] of [
        [weight, filters.weight],
        [gradient, filters.gradient],
      ] as const) {
        const largest = numbers.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0)
        setText(range, numbers === filters.gradient && !isComputed ? '' : `±${format.short(largest)}`)
        draw(canvas, filters, numbers, largest, selected)
      }
      // Once for each choice: from there on a person scrolls.
      const chosen = JSON.stringify([filters.first, filters.rows, filters.columns, selected])
      if (chosen === shown) return
      shown = chosen
      const { x, y, side } = placeOf(filters, selected)
      weight.scroll.scrollTo(x + side / 2 - weight.scroll.clientWidth / 2, y + side / 2 - weight.scroll.clientHeight / 2)
    },
  }
}

/** How filters lie in a picture, and its tap's side, in CSS pixels. */
export function filterLayout({ rows, columns, height, width }: Pick<Filters, 'rows' | 'columns' | 'height' | 'width'>, ratio: number) {
  // A table where both are several; else lines filled one after another.
  const isTable = rows > 1 && columns > 1
  const room = Math.max(1, Math.floor((across / tapSize.least - 1) / (width + 1)))
  const perLine = isTable ? columns : Math.min(room, Math.ceil(Math.sqrt(rows * columns * 3)))
  const lines = Math.ceil((rows * columns) / perLine)
  const taps = { across: perLine * (width + 1) + 1, down: lines * (height + 1) + 1 }
  const fitting = Math.min(tapSize.most, Math.max(tapSize.least, Math.floor(across / taps.across)))
  // In device pixels, so that no tap is a pixel larger than its neighbour.
  const device = Math.max(1, Math.min(Math.round(fitting * ratio), Math.floor(widestCanvas / Math.max(taps.across, taps.down))))
  return { perLine, taps, device, pixel: device / ratio }
}

/** Of the chosen filter, or the first of a chosen row, in CSS pixels. */
function placeOf(filters: Filters, { row, column = 0 }: { row: number; column?: number }) {
  const { perLine, pixel } = filterLayout(filters, devicePixelRatio)
  const number = (row - filters.first) * filters.columns + column
  const side = (filters.width + 1) * pixel
  return { x: (number % perLine) * side, y: Math.floor(number / perLine) * (filters.height + 1) * pixel, side }
}

/** Colours run from the largest negative magnitude to the largest positive one, as those of activations. */
function draw(
  canvas: HTMLCanvasElement,
  filters: Filters,
  numbers: Float32Array,
  largest: number,
  selected: { row: number; column?: number },
): void {
  const { first, rows, columns, height, width } = filters
  const { perLine, taps, device, pixel } = filterLayout(filters, devicePixelRatio)
  canvas.width = taps.across * device
  canvas.height = taps.down * device
  canvas.style.width = `${taps.across * pixel}px`
  canvas.style.height = `${taps.down * pixel}px`
  const context = canvas.getContext('2d')
  if (!context) return
  context.scale(device, device)
  for (let row = first; row < first + rows; row++)
    for (let column = 0; column < columns; column++) {
      const number = (row - first) * columns + column
      const [left, top] = [1 + (number % perLine) * (width + 1), 1 + Math.floor(number / perLine) * (height + 1)]
      if (row === selected.row && (column === selected.column || (selected.column === undefined && rows > 1))) {
        context.fillStyle = '#ffc478'
        context.fillRect(left - 1, top - 1, width + 2, height + 2)
      }
      filterOf(filters, numbers, row, column).forEach((value, tap) => {
        context.fillStyle = `rgb(${neuronColourOf(value, largest).join(' ')})`
        context.fillRect(left + (tap % width), top + Math.floor(tap / width), 1, 1)
      })
    }
}
