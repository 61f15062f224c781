/** The choices for labelled images in their preview: the one size that all get, and grey or colour. */
import { labelledImages, type ImageOptions, type ImageSet } from '../../data/image-set.ts'
import { h, select } from '../ui/dom.ts'
import type { Accept } from './import-dialog.ts'
import { labelledDialog } from './import-labelled.ts'

/** Sides of the square sizes to choose from, in pixels. */
const squares = [28, 32, 48, 64, 96, 128]

export function imagesDialog(set: ImageSet, accept: Accept): void {
  const { width, height } = set.usualSize
  const sizes = [
    { value: `${width}x${height}`, text: `${width} × ${height}, as ${set.otherSizes === 0 ? 'all' : 'most'} are` },
    ...squares.filter((side) => side !== width || side !== height).map((side) => ({ value: `${side}x${side}`, text: `${side} × ${side}` })),
  ]
  const options: ImageOptions = { colours: set.grey ? 'grey' : 'rgb' }
  labelledDialog(
    labelledImages(set, options),
    {
      keepAxes: true,
      controls: (changed) => {
        const show = () => changed(labelledImages(set, options))
        const size = select('Size of the images', sizes, sizes[0]!.value, (value) => {
          const [w, hgt] = value.split('x').map(Number) as [number, number]
          options.size = { width: w, height: hgt }
          show()
        })
        const colours = select(
          'Colours of the images',
          [
            { value: 'rgb', text: 'red, green and blue' },
            { value: 'grey', text: set.grey ? 'grey, as all are' : 'grey' },
          ] as const,
          options.colours!,
          (value) => {
            options.colours = value
            show()
          },
        )
        return [h('label', {}, 'Size', size), h('label', {}, 'Colours', colours)]
      },
    },
    accept,
  )
}
