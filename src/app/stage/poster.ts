/** The 3D view as a saved picture: with the layers' names, a legend, and a title that names the run. */
import { mapColour } from '../../view/colour.ts'
import { nameStyle } from '../../view/names.ts'
import type { SeenName, View } from '../../view/types.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import type { LegendRow } from './legend.tsx'
import { layerNames } from '../words/layer-names.ts'
import { nonFiniteText } from '../words/non-finite.ts'
import type { Trainer } from '../../train/types.ts'

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
/** A saved picture has at least so many pixels to one of the view, where textures may be so large; in device pixels a side. */
const sharpness = 2
const largestSide = 8192

/** `moons · step 1,200 · loss 0.0312 · test loss 0.0401, 98.5 % correct`. */
export function titleOf({ data, step, loss, testLoss, testAccuracy }: RunFigures): string {
  const tested =
    testAccuracy === null
      ? t('stage.poster.testLoss', { loss: format.loss(testLoss) })
      : t('stage.poster.tested', { loss: format.loss(testLoss), share: format.percent(testAccuracy) })
  return [
    data,
    format.steps({ first: step, last: step }),
    ...(loss === null ? [] : [t('stage.poster.loss', { loss: format.loss(loss) })]),
    ...(testLoss === null ? [] : [tested]),
  ].join(' · ')
}

/** Draws the view anew: `area` of its canvas, the title above and the legend below it. */
export async function poster(
  view: View,
  canvas: HTMLCanvasElement | OffscreenCanvas,
  trainer: Trainer,
  figures: RunFigures,
  area: Area,
): Promise<Blob> {
  const layers = layerNames(trainer.model.layers)
  const nameOf = (path: string) => (path === 'all' ? t('stage.allLayers') : (layers.get(path.replace(/\.weight$/, '')) ?? path))
  const rows = (await view.legend()).map(({ path, ...range }) => ({ name: nameOf(path), ...range }))
  const size = sizeOf(canvas)
  const ratio = canvas instanceof OffscreenCanvas ? 1 : sharperThan(devicePixelRatio, Math.max(size.width, size.height))
  const height = head + area.height + legendHeight(rows.length, area.width)
  const context = new OffscreenCanvas(Math.round(area.width * ratio), Math.round(height * ratio)).getContext('2d')
  if (!context) throw new Error(t('stage.poster.noCanvas'))
  context.scale(ratio, ratio)
  context.fillStyle = ground
  context.fillRect(0, 0, area.width, height)
  context.save()
  context.translate(0, head)
  context.beginPath()
  context.rect(0, 0, area.width, area.height)
  context.clip()
  // In one go: a browser takes the canvas back when the task is done. As sharp as asked for, whatever the frames are drawn with.
  view.resize(size.width, size.height, ratio)
  view.render()
  context.drawImage(canvas, -area.left, -area.top, size.width, size.height)
  const names = view.names()
  if (size.ratio !== ratio) {
    view.resize(size.width, size.height, size.ratio)
    view.render()
  }
  context.restore()
  context.save()
  context.translate(0, head)
  context.save()
  context.translate(-area.left, -area.top)
  names.forEach((name) => drawName(context, name))
  context.restore()
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

/** Over the numbers, where they stand under the ramp. */
const headRows = 2

/** Cells beside each other; the first is the ramp's, two rows high. */
const cellsAcross = (width: number): number => Math.max(1, Math.floor((width - 2 * margin + cell.gap) / (cell.width + cell.gap)))

function rowsDown(count: number, width: number): number {
  const across = cellsAcross(width)
  return across === 1 ? count : Math.max(1, Math.ceil(count / (across - 1)))
}

const legendHeight = (count: number, width: number): number =>
  (rowsDown(count, width) + (cellsAcross(width) === 1 ? headRows + 1 : 1)) * cell.rowHeight + 2 * margin

function drawLegend(context: Context, { settings }: View, rows: LegendRow[], width: number): void {
  const top = margin + 10
  write(context, t('stage.edges'), margin, top, { font: font(12), colour: ink.second })
  const ramp = context.createLinearGradient(margin, 0, margin + cell.width, 0)
  for (let i = 0; i <= 16; i++) ramp.addColorStop(i / 16, `rgb(${mapColour(i / 16, settings.map).join(' ')})`)
  context.fillStyle = ramp
  context.fillRect(margin, top + 8, cell.width, 8)
  const ends = (x: number, y: number) =>
    (
      [
        [t('stage.dark'), x + cell.width - 58],
        [t('stage.bright'), x + cell.width],
      ] as const
    ).forEach(([text, end]) => write(context, text, end, y, { font: font(10), colour: ink.third, align: 'right' }))
  const alone = cellsAcross(width) === 1
  const down = rowsDown(rows.length, width)
  // Over the numbers: what is at the dark end of the colours, and what at the bright one.
  if (alone) ends(margin, top + headRows * cell.rowHeight)
  else for (let i = 0; i < rows.length; i += down) ends(margin + (1 + i / down) * (cell.width + cell.gap), top)
  rows.forEach(({ name, lo, hi, count, ...odd }, i) => {
    const x = margin + (alone ? 0 : 1 + Math.floor(i / down)) * (cell.width + cell.gap)
    const y = top + (alone ? i + headRows + 1 : (i % down) + 1) * cell.rowHeight
    const number = (value: number) => (hi > 0 ? format.tick(value) : '0')
    write(context, name, x, y, { font: font(11), colour: ink.third })
    const instead = hi > 0 ? '' : nonFiniteText(odd, count)
    if (instead) return write(context, instead, x + cell.width, y, { font: font(11), colour: ink.second, align: 'right' })
    write(context, number(lo), x + cell.width - 58, y, { font: font(11), colour: ink.second, align: 'right' })
    write(context, number(hi), x + cell.width, y, { font: font(11), colour: ink.second, align: 'right' })
  })
}

/** As over the view: its lines, and its texts under each other. */
function drawName(context: Context, { x, y, width, texts, lines, isCentred }: SeenName): void {
  context.fillStyle = ink.third
  for (const line of lines) context.fillRect(line.x, line.y, line.width, line.height)
  texts.forEach(({ text, isRest }, i) => {
    const at = isCentred ? x + width / 2 : x + nameStyle.padding.side
    const style = { font: nameStyle.font, colour: isRest ? ink.second : ink.first, align: isCentred ? 'center' : 'left' } as const
    write(context, text, at, y + nameStyle.padding.top + (i + 0.77) * nameStyle.lineHeight, style)
  })
}

/** In CSS pixels, and device pixels to one of them. */
function sizeOf(canvas: HTMLCanvasElement | OffscreenCanvas) {
  if (canvas instanceof OffscreenCanvas) return { width: canvas.width, height: canvas.height, ratio: 1 }
  return { width: canvas.clientWidth, height: canvas.clientHeight, ratio: canvas.width / canvas.clientWidth }
}

const sharperThan = (own: number, side: number): number => Math.max(1, Math.min(sharpness * Math.min(own, 2), largestSide / side))
