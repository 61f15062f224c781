/** The page's few icons, drawn as strokes on a 16 × 16 grid. */
import { svg } from './dom.ts'

const paths = {
  play: 'M5 3.2v9.6L12.6 8z',
  pause: 'M5.2 3.5v9M10.8 3.5v9',
  step: 'M4 3.5v9L9.8 8zM12 3.5v9',
  reset: 'M3.2 8a4.8 4.8 0 1 0 1.6-3.6M3 2.6v2.7h2.7',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3.5 8.5 6.5 11.5 12.5 5',
  plus: 'M8 3.5v9M3.5 8h9',
  undo: 'M6.2 3.5 3.2 6.5l3 3M3.4 6.5h6a3.4 3.4 0 0 1 0 6.8H7',
  redo: 'M9.8 3.5l3 3-3 3M12.6 6.5h-6a3.4 3.4 0 0 0 0 6.8H9',
  handle: 'M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  upload: 'M8 10.5v-7M5 6l3-3 3 3M3 10.5v2.3h10v-2.3',
  download: 'M8 3v7M5 7.5l3 3 3-3M3 11v1.8h10V11',
  help: 'M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.8h.01',
  language: 'M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 1 0-11 0M2.5 8h11M8 2.5c-3.2 3.3-3.2 7.7 0 11M8 2.5c3.2 3.3 3.2 7.7 0 11',
  data: 'M3 4.5c0-1 2.2-1.7 5-1.7s5 .7 5 1.7-2.2 1.7-5 1.7-5-.7-5-1.7zM3 4.5v7c0 1 2.2 1.7 5 1.7s5-.7 5-1.7v-7M3 8c0 1 2.2 1.7 5 1.7S13 9 13 8',
  build:
    'M2 4a1.6 1.6 0 1 0 3.2 0 1.6 1.6 0 1 0-3.2 0M2 12a1.6 1.6 0 1 0 3.2 0 1.6 1.6 0 1 0-3.2 0M10.8 8a1.6 1.6 0 1 0 3.2 0 1.6 1.6 0 1 0-3.2 0M5.1 4.7 10.9 7.3M5.1 11.3 10.9 8.7',
  sliders:
    'M2.5 4.5h5.5M11 4.5h2.5M2.5 11.5H5M8 11.5h5.5M8 4.5a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M5 11.5a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0',
  rate: 'M2.5 12.5a5.6 5.6 0 1 1 11 0M8 12l2.8-4.4',
  race: 'M2.5 12.5c3 0 3.6-8 11-8M2.5 12.5c4.6 0 6-3.6 11-3.6',
  health: 'M2 8.5h2.6l1.6-4 2.6 7.4 1.7-3.4H14',
  charts: 'M3 12.8h10M3.2 10.5 6.2 7l2.4 2 4.2-5.2',
} as const

export type IconName = keyof typeof paths

export const iconPath = (name: IconName): string => paths[name]

export function icon(name: IconName): SVGElement {
  const filled = name === 'play'
  return svg(
    'svg',
    { viewBox: '0 0 16 16', class: `icon icon-${name}`, 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: paths[name], fill: filled ? 'currentColor' : 'none' }),
  )
}
