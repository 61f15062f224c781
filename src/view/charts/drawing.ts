/** What the charts of the page and of the commands' pictures share. Sizes are in CSS pixels; whoever hands in the context has scaled it. */

/** A page's canvas or one off the screen. */
export type Drawing = Omit<OffscreenCanvasRenderingContext2D, 'canvas'>

export interface Size {
  width: number
  height: number
}

/** Colours and font, the page's own or those of a picture. */
export interface ChartStyle {
  ink: string
  ink2: string
  ink3: string
  line: string
  accent: string
  bad: string
  /** Of what the reader has now. */
  mark: string
  ground: string
  font: string
}

/** Of a picture that stands for itself: the page's dark ground. */
export const pictureStyle: ChartStyle = {
  ink: '#e9ebf1',
  ink2: '#a6abba',
  ink3: '#868c9c',
  line: 'rgb(255 255 255 / 0.09)',
  accent: '#5fe0cd',
  bad: '#ff8f8f',
  mark: '#ffb869',
  ground: '#0a0b0f',
  font: 'Inter, ui-sans-serif, system-ui, sans-serif',
}

/** The part of a chart that its axes enclose. */
export interface Frame {
  left: number
  right: number
  top: number
  bottom: number
}

/** From a number to a pixel, and back. */
export interface Scale {
  of(value: number): number
  back(pixel: number): number
}

export function logScale(low: number, high: number, from: number, to: number): Scale {
  const span = Math.log(high / low) || 1
  return {
    of: (value) => from + (Math.log(value / low) / span) * (to - from),
    back: (pixel) => low * Math.exp(((pixel - from) / (to - from)) * span),
  }
}

/** A number on an axis: as short as it can be said. */
export function axisNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const size = Math.abs(value)
  const rounded = Number(value.toPrecision(digits))
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return rounded.toExponential().replace('e+', 'e').replace('-', '−').replace('e-', 'e−')
  return String(rounded).replace('-', '−')
}

export const textSize = 11

export function write(
  context: Drawing,
  style: ChartStyle,
  text: string,
  x: number,
  y: number,
  {
    align = 'left',
    baseline = 'alphabetic',
    colour = style.ink3,
    size = textSize,
    weight = 400,
  }: { align?: CanvasTextAlign; baseline?: CanvasTextBaseline; colour?: string; size?: number; weight?: number } = {},
): void {
  context.font = `${weight} ${size}px ${style.font}`
  context.textAlign = align
  context.textBaseline = baseline
  context.fillStyle = colour
  context.fillText(text, x, y)
}

/** So that a text centred at `x` stays within the frame. */
export function kept(context: Drawing, text: string, x: number, low: number, high: number): number {
  const half = context.measureText(text).width / 2
  return Math.max(low + half, Math.min(high - half, x))
}

export const translucent = (colour: string, alpha: number): string => `color-mix(in srgb, ${colour} ${100 * alpha}%, transparent)`

export function line(context: Drawing, x0: number, y0: number, x1: number, y1: number, colour: string, width = 1): void {
  context.strokeStyle = colour
  context.lineWidth = width
  context.beginPath()
  context.moveTo(x0, y0)
  context.lineTo(x1, y1)
  context.stroke()
}
