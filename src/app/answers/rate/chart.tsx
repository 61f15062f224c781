/** A canvas for the charts that page and commands share: it draws what it is given, sharp at any size. */
import type { CanvasHTMLAttributes, TargetedMouseEvent } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { pictureStyle, type ChartStyle, type Drawing, type Size } from '../../../view/charts/drawing.ts'
import { palette } from '../../charts/palette.ts'

const style = (): ChartStyle => ({ ...pictureStyle, font: palette().font })

export interface ChartProps extends Pick<
  CanvasHTMLAttributes<HTMLCanvasElement>,
  | 'role'
  | 'onKeyDown'
  | 'onBlur'
  | 'onPointerLeave'
  | 'aria-valuemin'
  | 'aria-valuemax'
  | 'aria-valuenow'
  | 'aria-valuetext'
  | 'aria-describedby'
> {
  id: string
  label: string
  /** Whether keys reach it. */
  isReached?: boolean
  /** Whether it shows what does not count any more. */
  isStale?: boolean
  draw(context: Drawing, size: Size, style: ChartStyle): void
  /** Where a pointer is within it, in CSS pixels. */
  onPoint?(x: number, y: number, size: Size): void
  onChoose?(x: number, y: number, size: Size): void
}

export function Chart({ id, label, isReached = false, isStale = false, draw, onPoint, onChoose, role = 'img', ...rest }: ChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const latest = useRef(draw)
  const frame = useRef(0)
  latest.current = draw
  const paint = () => {
    frame.current = 0
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context) return
    const { clientWidth: width, clientHeight: height } = element
    if (width === 0 || height === 0) return
    const ratio = devicePixelRatio
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (element.width !== across) element.width = across
    if (element.height !== down) element.height = down
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    latest.current(context, { width, height }, style())
  }
  const soon = () => (frame.current ||= requestAnimationFrame(paint))
  // What it shows may have changed whenever its component is drawn.
  useEffect(() => void soon())
  useEffect(() => {
    const watching = new ResizeObserver(soon)
    watching.observe(canvas.current!)
    return () => {
      watching.disconnect()
      cancelAnimationFrame(frame.current)
    }
  }, [])
  const at = (hear: ChartProps['onPoint']) => (event: TargetedMouseEvent<HTMLCanvasElement>) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect()
    hear?.(event.clientX - left, event.clientY - top, { width, height })
  }
  return (
    <canvas
      {...rest}
      ref={canvas}
      id={id}
      class={`answer-chart${isStale ? ' stale' : ''}`}
      role={role}
      aria-label={label}
      {...(isReached && { tabIndex: 0 })}
      onPointerMove={at(onPoint)}
      onPointerDown={at(onPoint)}
      onClick={at(onChoose)}
    />
  )
}
