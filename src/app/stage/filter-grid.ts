/** Filters of a convolution as small images: output channels down, input channels across. */
import { filterOf, type Filters } from '../../inspect/filters.ts'
import { neuronColourOf } from '../../view/colour.ts'

/** A filter by its row and column, or all filters of a row. */
export interface ChosenFilter {
  row: number
  column?: number
}

/** Width of a picture in CSS pixels; what is larger scrolls. */
const across = 222
/** Sides of a tap: whole pixels, so that all are of one size, and no smaller than can be told apart. */
const tapSize = { least: 4, most: 12 }
/** A browser has no wider canvas, in its own pixels. */
const widestCanvas = 16_384

/** Filters on a line, the picture's size in taps, and the side of a tap in device and in CSS pixels. */
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

/** Place of the chosen filter, or of the first in a chosen row, in CSS pixels. */
export function placeOf(filters: Filters, { row, column = 0 }: ChosenFilter) {
  const { perLine, pixel } = filterLayout(filters, devicePixelRatio)
  const number = (row - filters.first) * filters.columns + column
  const side = (filters.width + 1) * pixel
  return { x: (number % perLine) * side, y: Math.floor(number / perLine) * (filters.height + 1) * pixel, side }
}

/** Colours run evenly between −`largest` and `largest`, as those of activations. */
export function drawFilters(
  canvas: HTMLCanvasElement,
  filters: Filters,
  numbers: Float32Array,
  largest: number,
  chosen: ChosenFilter,
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
      if (row === chosen.row && (column === chosen.column || (chosen.column === undefined && rows > 1))) {
        context.fillStyle = '#ffc478'
        context.fillRect(left - 1, top - 1, width + 2, height + 2)
      }
      filterOf(filters, numbers, row, column).forEach((value, tap) => {
        context.fillStyle = `rgb(${neuronColourOf(value, largest).join(' ')})`
        context.fillRect(left + (tap % width), top + Math.floor(tap / width), 1, 1)
      })
    }
}
