/** Buttons that open the menu of what can stand at a place. */
import type { JSX } from 'preact'
import { Icon } from '../ui/elements.tsx'
import { openMenu } from '../ui/menu.ts'
import { t } from '../words/language.ts'
import { shapeWords } from '../words/layer-words.ts'
import type { Editing } from './editing.ts'
import type { Place } from './layer-tree.ts'
import { offersAt } from './offers.ts'

interface Props {
  editing: Editing
  place: Place
}

export const Adder = ({ editing, place, text }: Props & { text: string }): JSX.Element => (
  <button
    type="button"
    class="button add"
    aria-haspopup="menu"
    aria-expanded="false"
    onClick={({ currentTarget }) => offer(editing, place, currentTarget)}
  >
    <Icon name="plus" />
    {text}
  </button>
)

/** The same between two rows, seen when the pointer or the focus is near. */
export const Inserter = ({ editing, place, name }: Props & { name: string }): JSX.Element => (
  <button
    type="button"
    class="insert"
    title={t('network.addHere')}
    aria-label={t('network.addAfter', { name })}
    aria-haspopup="menu"
    aria-expanded="false"
    onClick={({ currentTarget }) => offer(editing, place, currentTarget)}
  >
    <Icon name="plus" />
  </button>
)

function offer(editing: Editing, place: Place, button: HTMLElement): void {
  const items = offersAt(editing.layers(), editing.input(), place).map(({ title, group, layers, output }) => ({
    text: layers.length > 1 && layers[0]?.type === 'flatten' ? t('network.flattened', { title }) : title,
    note: shapeWords(output),
    group,
    choose: () => editing.insert(place, layers),
  }))
  openMenu(button, t('network.addALayer'), items, t('network.nothingFits'))
}
