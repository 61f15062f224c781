/** Samples with labels as one sees them before they train: some of each class as pictures, and how many there are. */
import type { VNode } from 'preact'
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { sampleRows, type SamplePicture } from '../../data/labelled-preview.ts'
import { integer, tick } from '../words/format.ts'
import { t } from '../words/language.ts'
import { pictureAt, type ImportedSamples } from './import-samples.ts'

const shownSamples = 30
/** CSS pixels of a sample's longer side. */
const pictureSize = 56

export function Pictures({ samples }: { samples: ImportedSamples }): VNode {
  const { whole, classes } = samples.head
  const pictures = useMemo(
    () => sampleRows(samples.head, shownSamples).map((row) => ({ row, picture: pictureAt(samples, row) })),
    [samples],
  )
  return (
    <div class="samples">
      {pictures.map(({ row, picture }) => {
        const value = whole.labels.values[row] ?? NaN
        const label = classes?.[value] ?? tick(value)
        return (
          <figure key={row} title={t('files.samples.one', { row, label })}>
            <Picture {...picture} />
            <figcaption>{label}</figcaption>
          </figure>
        )
      })}
    </div>
  )
}

function Picture({ width, height, rgba }: SamplePicture): VNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => canvas.current?.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0), [rgba])
  const scale = pictureSize / Math.max(width, height)
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      style={{ width: `${width * scale}px`, height: `${Math.max(6, height * scale)}px` }}
    />
  )
}

/** As bars. */
export function ClassCounts({ counts }: { counts: readonly { name: string; count: number }[] }): VNode {
  const most = Math.max(...counts.map(({ count }) => count))
  return (
    <dl class="class-counts">
      {counts.map(({ name, count }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <i style={{ width: `calc((100% - 46px) * ${count / most})` }} />
            <span>{integer(count)}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}
