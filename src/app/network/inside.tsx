/** The lists within a group, each with its own way to add to it. */
import type { ComponentChild, JSX } from 'preact'
import type { Layer } from '../../model/types.ts'
import { Icon } from '../ui/elements.tsx'
import { t } from '../words/language.ts'
import { Adder } from './adder.tsx'
import type { RowProps } from './editing.ts'
import { listName, listsOf } from './layer-tree.ts'

export function Inside({
  editing,
  layer,
  path,
  name,
  rows,
}: RowProps & { rows(list: string, layers: readonly Layer[]): ComponentChild }): JSX.Element {
  const lists = listsOf(layer, path)
  return (
    <div class="inside">
      {lists.flatMap(({ list, key, layers }) => {
        const title = listName(key)
        return [
          <div key={`head ${list}`} class="inside-head">
            <span class="unit">{layers.length === 0 ? t('network.identity', { list: title }) : title}</span>
            <Adder editing={editing} place={{ list, index: layers.length }} text={t('network.addTo', { list: title })} />
            {layer.type === 'concat' && lists.length > 1 && (
              <button
                type="button"
                class="icon-button remove"
                title={t('network.removeNamed', { name: title })}
                aria-label={t('network.removeList', { list: title, name })}
                onClick={() => editing.remove(list)}
              >
                <Icon name="close" />
              </button>
            )}
          </div>,
          <ol key={list} class="layers" data-list={list}>
            {rows(list, layers)}
          </ol>,
        ]
      })}
      {layer.type === 'concat' && (
        <button
          key="add"
          type="button"
          class="button add"
          onClick={() => editing.set(path, (own) => own.type === 'concat' && own.branches.push([]), 'branch')}
        >
          <Icon name="plus" />
          {t('network.addBranch')}
        </button>
      )}
    </div>
  )
}
