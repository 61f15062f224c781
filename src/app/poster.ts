/** The 3D view as a picture to keep: with the layers' names, what the colours mean, and which run it is. */
import { mapColour } from '../view/colour.ts'
import type { View } from '../view/types.ts'
import * as format from './format.ts'
import type { LegendRow } from './legend.ts'
import { layerNames } from './names.ts'
import { nonFiniteText } from './non-finite.ts'
import type { Trainer } from '../train/types.ts'

/** Which run a picture shows, and how far it is. */
export interface RunFigures {
  data: string
  step: number
  loss: number | null
  testLoss: number | null
  testAccuracy: number | null
}
/** Part of the canvas, in CSS pixels. */
export interface Area {
  left: number
  top: number
  width: number
  height: number
}

const ground = '#0a0b0f'
const ink = { first: '#e9ebf1', second: '#a6abba', third: '#737989' }
const fontFamily = 'Inter, ui-sans-serif, system-ui, sans-serif'
const font = (size: number, weight = 400) => `${weight} ${size}px ${fontFamily}`
const margin = 22
/** Above the view, for the title. */
const head = 46
const cell = { width: 216, gap: 30, rowHeight: 16 }

/** `moons · step 1,200 · loss 0.0312 · test loss 0.0401, 98.5 % right`. */
export function titleOf({ data, step, loss, testLoss, testAccuracy }: RunFigures): string {
  const tested =
    testLoss === null ? [] : [`test loss ${format.loss(testLoss)}${testAccuracy === null ? '' : `, ${format.percent(testAccuracy)} right`}`]
  return [data, `step ${format.integer(step)}`, ...(loss === null ? [] : [`loss ${format.loss(loss)}`]), ...tested].join(' · ')
}

/** Draws the view anew: `area` of its canvas, the title above and the legend below it. */
export async function poster(
  view: View,
  canvas: HTMLCanvasElement | OffscreenCanvas,
  trainer: Trainer,
  figures: RunFigures,
  area: Area,
): Promise<Blob> {
  const names = layerNames(trainer.model.layers)
  const nameOf = (path: string) => (path === 'all' ? 'All layers' : (names.get(path.replace(/\.weight$/, '')) ?? path))
  const rows = (await view.legend()).map(({ path, ...range }) => ({ name: nameOf(path), ...range }))
  const ratio = canvas instanceof OffscreenCanvas ? 1 : canvas.width / canvas.clientWidth
  const height = head + area.height + legendHeight(rows.length, area.width)
  const context = new OffscreenCanvas(Math.round(area.width * ratio), Math.round(height * ratio)).getContext('2d')
  if (!context) throw new Error('this browser has no 2D canvas to draw the picture on')
  context.scale(ratio, ratio)
  context.fillStyle = ground
  context.fillRect(0, 0, area.width, height)
  context.save()
  context.translate(0, head)
  context.beginPath()
  context.rect(0, 0, area.width, area.height)
  context.clip()
  // In one go: a browser takes the canvas back when the task is done.
  view.render()
  context.drawImage(canvas, -area.left, -area.top, canvas.width / ratio, canvas.height / ratio)
  context.restore()
  context.save()
  context.translate(0, head)
  drawLayerNames(context, view, area)
  context.translate(0, area.height)
  drawLegend(context, view, rows, area.width)
  context.restore()
  drawTitle(context, titleOf(figures), area.width)
  return context.canvas.convertToBlob({ type: 'image/png' })
}

type Context = OffscreenCanvasRenderingContext2D

function write(
  context: Context,
  text: string,
  x: number,
  y: number,
  style: { font: string; colour: string; align?: CanvasTextAlign },
): void {
  context.font = style.font
  context.fillStyle = style.colour
  context.textAlign = style.align ?? 'left'
  context.shadowColor = 'rgb(6 7 11)'
  context.shadowBlur = 5
  context.fillText(text, x, y)
  context.shadowBlur = 0
}

function drawTitle(context: Context, title: string, width: number): void {
  context.font = font(15, 500)
  const size = 15 * Math.min(1, (width - 2 * margin) / context.measureText(title).width)
  write(context, title, margin, margin + 10, { font: font(size, 500), colour: ink.first })
}

/** Cells beside each other; the first is the ramp's, two rows high. */
const cellsAcross = (width: number): number => Math.max(1, Math.floor((width - 2 * margin + cell.gap) / (cell.width + cell.gap)))

function rowsDown(count: number, width: number): number {
  const across = cellsAcross(width)
  return across === 1 ? count + 2 : Math.max(2, Math.ceil(count / (across - 1)))
}

const legendHeight = (count: number, width: number): number => rowsDown(count, width) * cell.rowHeight + 2 * margin

function drawLegend(context: Context, { settings }: View, rows: LegendRow[], width: number): void {
  const top = margin + 10
  write(context, 'Edges: |∂L/∂weight|', margin, top, { font: font(12), colour: ink.second })
  const ramp = context.createLinearGradient(margin, 0, margin + cell.width, 0)
  for (let i = 0; i <= 16; i++) ramp.addColorStop(i / 16, `rgb(${mapColour(i / 16, settings.map).join(' ')})`)
  context.fillStyle = ramp
  context.fillRect(margin, top + 8, cell.width, 8)
  const alone = cellsAcross(width) === 1
  const down = rowsDown(rows.length, width)
  rows.forEach(({ name, lo, hi, count, ...odd }, i) => {
    const x = margin + (alone ? 0 : 1 + Math.floor(i / down)) * (cell.width + cell.gap)
    const y = top + (alone ? i + 2 : i % down) * cell.rowHeight
    const number = (value: number) => (hi > 0 ? format.tick(value) : '0')
    write(context, name, x, y, { font: font(11), colour: ink.third })
    const instead = hi > 0 ? '' : nonFiniteText(odd, count)
    if (instead) return write(context, instead, x + cell.width, y, { font: font(11), colour: ink.second, align: 'right' })
    write(context, number(lo), x + cell.width - 58, y, { font: font(11), colour: ink.second, align: 'right' })
    write(context, number(hi), x + cell.width, y, { font: font(11), colour: ink.second, align: 'right' })
  })
}

function drawLayerNames(context: Context, view: View, area: Area): void {
  const columns = view.observation?.columns ?? []
  const extents = columns.map((_, column) => view.extent(column))
  const spread = (of: (extent: ReturnType<View['extent']>) => number) => Math.max(...extents.map(of)) - Math.min(...extents.map(of))
  // In an upright network the names stand at the left, where no edge ends.
  const upright = spread(({ top }) => top) > spread(({ left, right }) => (left + right) / 2)
  extents.forEach(({ left, right, top }, column) => {
    const [name = '', ...rest] = columns[column]!.label.split(' · ')
    const x = upright ? margin : (left + right) / 2 - area.left
    const align = upright ? 'left' : 'center'
    const y = top - area.top - 10
    write(context, name, x, rest.length > 0 ? y - 15 : y, { font: font(12, 500), colour: ink.first, align })
    if (rest.length > 0) write(context, rest.join(' · '), x, y, { font: font(12, 500), colour: ink.second, align })
  })
}
