/** The choices for labelled images in their preview: the one size that all get, and grey or colour. */
import { useComputed, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import type { ImageSet, ImageSize } from '../../data/image-set.ts'
import { showDialog } from '../ui/dialog.tsx'
import { t } from '../words/language.ts'
import type { Accept } from './import-dialog.tsx'
import { LabelledImport } from './import-labelled.tsx'
import { Option } from './import-option.tsx'
import { samplesOfImages } from './import-samples.ts'

/** Sides of the square sizes to choose from, in pixels. */
const squares = [28, 32, 48, 64, 96, 128]

export function imagesDialog(set: ImageSet, accept: Accept): void {
  showDialog((close) => <ImagesImport set={set} accept={accept} close={close} />)
}

function ImagesImport({ set, accept, close }: { set: ImageSet; accept: Accept; close: () => void }): VNode {
  const size = useSignal(set.usualSize)
  const colours = useSignal<'rgb' | 'grey'>(set.grey ? 'grey' : 'rgb')
  const samples = useComputed(() => samplesOfImages(set, { size: size.value, colours: colours.value }))
  const sizes = [set.usualSize, ...squaresBut(set.usualSize)]
  return (
    <LabelledImport samples={samples} keepAxes accept={accept} close={close}>
      <Option
        text={t('files.images.size')}
        label={t('files.images.size.label')}
        options={sizes.map((own) => ({ value: keyOf(own), text: sizeText(own, set) }))}
        value={keyOf(size.value)}
        onChange={(key) => (size.value = sizes.find((own) => keyOf(own) === key) ?? set.usualSize)}
      />
      <Option
        text={t('files.images.colours')}
        label={t('files.images.colours.label')}
        options={[
          { value: 'rgb', text: t('files.images.rgb') },
          { value: 'grey', text: t(set.grey ? 'files.images.greyAll' : 'files.images.grey') },
        ]}
        value={colours.value}
        onChange={(value) => (colours.value = value)}
      />
    </LabelledImport>
  )
}

const squaresBut = ({ width, height }: ImageSize): ImageSize[] =>
  squares.filter((side) => side !== width || side !== height).map((side) => ({ width: side, height: side }))

const keyOf = ({ width, height }: ImageSize): string => `${width}x${height}`

function sizeText(own: ImageSize, { usualSize, otherSizes }: ImageSet): string {
  const size = `${own.width} × ${own.height}`
  if (own !== usualSize) return size
  return t(otherSizes === 0 ? 'files.images.size.all' : 'files.images.size.most', { size })
}
