/** Small drawings of the presets, so that one is found at a glance. */
import type { VNode } from 'preact'

type Point = [x: number, y: number, group: 'a' | 'b' | 'c' | 'n']

/** Spread over [0, 1) without repeating: multiples of the golden ratio. */
const even = (i: number): number => (i * 0.618034) % 1

const ring = (count: number, radius: number, group: Point[2], start = 0): Point[] =>
  Array.from({ length: count }, (_, i) => {
    const angle = start + (2 * Math.PI * i) / count
    return [20 + radius * Math.cos(angle), 20 + radius * Math.sin(angle), group]
  })
const cloud = (count: number, x: number, y: number, spread: number, group: Point[2]): Point[] =>
  Array.from({ length: count }, (_, i) => {
    const [angle, radius] = [2 * Math.PI * even(i + 1), spread * Math.sqrt((i + 0.5) / count)]
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle), group]
  })
const arm = (turn: number, group: Point[2]): Point[] =>
  Array.from({ length: 13 }, (_, i) => {
    const angle = turn + (i / 12) * 4.2
    const radius = 2.5 + (i / 12) * 13
    return [20 + radius * Math.cos(angle), 20 + radius * Math.sin(angle), group]
  })
const moon = (group: 'a' | 'b'): Point[] =>
  Array.from({ length: 9 }, (_, i) => {
    const angle = (Math.PI * i) / 8
    return group === 'a'
      ? [15.5 + 10 * Math.cos(angle), 22 - 10 * Math.sin(angle), group]
      : [24.5 - 10 * Math.cos(angle), 18 + 10 * Math.sin(angle), group]
  })

const points: Record<string, () => Point[]> = {
  xor: () => [
    ...cloud(7, 12.5, 12.5, 6, 'a'),
    ...cloud(7, 27.5, 27.5, 6, 'a'),
    ...cloud(7, 27.5, 12.5, 6, 'b'),
    ...cloud(7, 12.5, 27.5, 6, 'b'),
  ],
  circle: () => [...ring(16, 14, 'b'), ...cloud(9, 20, 20, 6, 'a')],
  gaussians: () => [...cloud(14, 13.5, 25.5, 7.5, 'a'), ...cloud(14, 26.5, 14.5, 7.5, 'b')],
  spiral: () => [...arm(0, 'a'), ...arm(Math.PI, 'b')],
  moons: () => [...moon('a'), ...moon('b')],
  iris: () => [...cloud(9, 11.5, 28, 4.5, 'a'), ...cloud(10, 22, 19, 5, 'b'), ...cloud(10, 29.5, 12, 5, 'c')],
  penguins: () => [...cloud(9, 13, 13, 5, 'a'), ...cloud(9, 27.5, 14, 5, 'b'), ...cloud(9, 22, 28.5, 5, 'c')],
}

const lines: Record<string, { d: string; group: string; width: number }[]> = {
  mnist: [{ d: 'M12.5 11.5c5-2.4 12-2.6 14.5.4.5 4-4 6.6-9 8.5 6.5-.2 10.2 2.2 9.6 5.4-.8 4.4-8.6 6.2-15.6 4.2', group: 'n', width: 3.4 }],
  article: [
    {
      d: 'M10 8l10 6M10 14l10 6M10 20h10M10 26l10-6M10 32l10-6M10 8l10 18M10 32l10-18M20 14l10 6M20 20h10M20 26l10-6',
      group: 'n',
      width: 0.7,
    },
    { d: 'M10 8h.01M10 14h.01M10 20h.01M10 26h.01M10 32h.01', group: 'n', width: 3.4 },
    { d: 'M20 14h.01M20 20h.01M20 26h.01', group: 'n', width: 3.4 },
    { d: 'M30 20h.01', group: 'a', width: 5 },
  ],
  'depth-comparison': [
    { d: 'M8 9.5 32 33', group: 'n', width: 2 },
    { d: 'M8 9 32 15', group: 'b', width: 2 },
    { d: 'M8 8.5 14 11l6-3 6 3 6-2', group: 'a', width: 2 },
    { d: 'M8 6v28h25', group: 'n', width: 0.9 },
  ],
  weather: [
    { d: 'M20 16.5a5 5 0 1 0-7.2 4.4', group: 'b', width: 1.8 },
    { d: 'M15 6.5v-1.5M8.3 9.3l-1.1-1.1M6 16h-1.5M22.3 9.3l1.1-1.1', group: 'b', width: 1.8 },
    { d: 'M14.5 29.5h13a5 5 0 0 0 .6-9.9 7 7 0 0 0-13.4 1.6 4.2 4.2 0 0 0-.2 8.3z', group: 'n', width: 1.8 },
    { d: 'M17 33.5l-1 2M22 33.5l-1 2M27 33.5l-1 2', group: 'a', width: 1.8 },
  ],
}

export const PresetPicture = ({ name }: { name: string }): VNode => (
  <svg viewBox="0 0 40 40" aria-hidden="true">
    {points[name]?.().map(([x, y, group], i) => (
      <circle key={`${name} ${i}`} cx={x.toFixed(1)} cy={y.toFixed(1)} r={1.5} class={group} stroke-width={0} />
    ))}
    {lines[name]?.map(({ d, group, width }) => (
      <path key={d} d={d} class={`${group} line`} stroke-width={width} stroke-linecap="round" stroke-linejoin="round" />
    ))}
  </svg>
)
