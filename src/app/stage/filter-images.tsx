/** The filters of a convolution by weight and by gradient, side by side in scroll. */
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Ref } from 'preact'
import type { Filters } from '../../inspect/filters.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import { drawFilters, placeOf, type ChosenFilter } from './filter-grid.ts'

interface FilterOptions {
  filters: Filters | undefined
  chosen: ChosenFilter
  /** Whether a step has computed the gradient. */
  isComputed: boolean
}

export function FilterImages({ filters, chosen, isComputed }: FilterOptions) {
  const weight = useRef<HTMLDivElement>(null)
  const gradient = useRef<HTMLDivElement>(null)
  const choice = filters && JSON.stringify([filters.first, filters.rows, filters.columns, chosen])
  // Once for each choice: from there on a person scrolls.
  useLayoutEffect(() => {
    const scroll = weight.current
    if (!scroll || !filters) return
    const { x, y, side } = placeOf(filters, chosen)
    scroll.scrollTo(x + side / 2 - scroll.clientWidth / 2, y + side / 2 - scroll.clientHeight / 2)
  }, [choice])
  // Both images are of the same filters.
  const follow = (one: HTMLElement | null, other: HTMLElement | null) => one && other?.scrollTo(one.scrollLeft, one.scrollTop)
  return (
    <div class="filters" hidden={!filters}>
      {filters && (
        <>
          <FilterImage
            what={t('stage.byWeight')}
            numbers={filters.weight}
            hasRange
            scroll={weight}
            onScroll={() => follow(weight.current, gradient.current)}
            filters={filters}
            chosen={chosen}
          />
          <FilterImage
            what={t('stage.byGradient')}
            numbers={filters.gradient}
            hasRange={isComputed}
            scroll={gradient}
            onScroll={() => follow(gradient.current, weight.current)}
            filters={filters}
            chosen={chosen}
          />
        </>
      )}
    </div>
  )
}

interface ImageOptions {
  what: string
  numbers: Float32Array
  hasRange: boolean
  filters: Filters
  chosen: ChosenFilter
  scroll: Ref<HTMLDivElement>
  onScroll(): void
}

function FilterImage({ what, numbers, hasRange, filters, chosen, scroll, onScroll }: ImageOptions) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const largest = numbers.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0)
  useLayoutEffect(() => {
    if (canvas.current) drawFilters(canvas.current, filters, numbers, largest, chosen)
  }, [filters, numbers, largest, chosen])
  const label = t('stage.filtersBy', { what })
  return (
    <figure>
      <figcaption>
        {what}
        <span>{hasRange ? `±${format.short(largest)}` : ''}</span>
      </figcaption>
      {/* What scrolls must be within reach of the keyboard. */}
      <div ref={scroll} class="filter-scroll" tabIndex={0} role="group" aria-label={label} onScroll={onScroll}>
        <canvas ref={canvas} role="img" aria-label={label} />
      </div>
    </figure>
  )
}
