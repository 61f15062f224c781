/** Filters of a convolution as small images, by weight and by gradient: output channels down, input channels across. */
import { filterOf, type Filters } from '../inspect/filters.ts'
import { neuronColourOf } from '../view/colour.ts'
import { h, setText } from './dom.ts'
import * as format from './format.ts'

export interface FilterGrid {
  element: HTMLElement
  /** `selected`: the filter that was clicked, of a row and a column, or of all columns of a row. */
  show(filters: Filters | undefined, selected: { row: number; column?: number }, isComputed: boolean): void
}

/** Width of a picture in CSS pixels, and the height that it takes at most. */
const across = 224
const tallest = 150

export function filterGrid(): FilterGrid {
  const part = (label: string) => {
    const canvas = h('canvas', { role: 'img', 'aria-label': `Filters by ${label}` })
    const range = h('span')
    return { canvas, range, element: h('figure', {}, h('figcaption', {}, label, range), canvas) }
  }
  const [weight, gradient] = [part('weight'), part('gradient')]
  const element = h('div', { class: 'filters', hidden: true }, weight.element, gradient.element)
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
    },
  }
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
  // A table where both are several; else lines filled one after another.
  const isTable = rows > 1 && columns > 1
  const perLine = isTable ? columns : Math.ceil(Math.sqrt(rows * columns * 3))
  const lines = Math.ceil((rows * columns) / perLine)
  const [cellWidth, cellHeight] = [width + 1, height + 1]
  const pixel = Math.min(across / (perLine * cellWidth + 1), tallest / (lines * cellHeight + 1), 12)
  const ratio = Math.min(2, devicePixelRatio)
  const size = { width: (perLine * cellWidth + 1) * pixel, height: (lines * cellHeight + 1) * pixel }
  canvas.width = Math.round(size.width * ratio)
  canvas.height = Math.round(size.height * ratio)
  canvas.style.width = `${size.width}px`
  canvas.style.height = `${size.height}px`
  const context = canvas.getContext('2d')
  if (!context) return
  context.scale(pixel * ratio, pixel * ratio)
  for (let row = first; row < first + rows; row++)
    for (let column = 0; column < columns; column++) {
      const number = (row - first) * columns + column
      const [left, top] = [1 + (number % perLine) * cellWidth, 1 + Math.floor(number / perLine) * cellHeight]
      if (row === selected.row && (column === selected.column || (selected.column === undefined && rows > 1))) {
        context.fillStyle = '#ffc478'
        context.fillRect(left - 0.6, top - 0.6, width + 1.2, height + 1.2)
      }
      filterOf(filters, numbers, row, column).forEach((value, tap) => {
        context.fillStyle = `rgb(${neuronColourOf(value, largest).join(' ')})`
        // A little over the border, so that no gap shows between taps.
        context.fillRect(left + (tap % width), top + Math.floor(tap / width), 1.02, 1.02)
      })
    }
}
