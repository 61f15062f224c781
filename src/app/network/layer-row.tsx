/** A layer's row: its handle, what it is, its numbers, the shape that it gives; and the rows within a group. */
import type { JSX } from 'preact'
import { familyOf, kindOf } from '../../model/catalogue/layers.ts'
import type { Layer } from '../../model/types.ts'
import { Icon, Select } from '../ui/elements.tsx'
import { Slot } from '../ui/slot.tsx'
import { t } from '../words/language.ts'
import { groupWords, layerTitle, settingWords, shapeWords } from '../words/layer-words.ts'
import { Inserter } from './adder.tsx'
import { afterPath, rowName, type RowContext, type RowProps } from './editing.ts'
import { fieldsOf, isMain, type Field } from './fields.ts'
import { FieldControl } from './field-control.tsx'
import { Inside } from './inside.tsx'
import { placeOfPath } from './layer-tree.ts'

const arrows = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' } as const

export function LayerRow({ editing, context, layer, path }: Omit<RowProps, 'name'>): JSX.Element {
  const name = rowName(path, layer)
  const own: RowProps = { editing, context, layer, path, name }
  const fields = fieldsOf(layer)
  const main = fields.find((field) => isMain(layer, field))
  const further = fields.filter((field) => field !== main)
  const { picture } = kindOf(layer)
  const isGroup = picture === 'sum' || picture === 'join'
  const isOpen = editing.isOpen(path)
  const refused = context.refused?.path === path ? context.refused : null
  const wrong = refused ? wrongField([...(main ? [main] : []), ...(isOpen ? further : [])], refused) : undefined
  const { output = null } = context.shapes.get(path) ?? {}
  const words = isGroup ? groupWords(layer) : settingWords(layer)
  const discloses = isGroup || further.length > 0 ? <Disclose key="disclose" {...own} words={words} isGroup={isGroup} /> : null
  return (
    <li
      class={`layer${picture === 'weights' ? ' weighty' : ''}${isGroup ? ' group' : ''}${refused ? ' wrong' : ''}`}
      data-layer={path}
      draggable
    >
      <div key="head" class="layer-head">
        <Handle {...own} />
        <div class="kind">
          <Kind {...own} />
          {words === '' && discloses}
        </div>
        {main ? <FieldControl {...own} field={main} isWrong={main === wrong} /> : <span />}
        <span class="shape" title={output ? t('network.shapeAfter') : ''}>
          {shapeWords(output)}
        </span>
        <button
          type="button"
          class="icon-button remove"
          title={t('network.remove')}
          aria-label={t('network.removeNamed', { name })}
          onClick={() => editing.remove(path)}
        >
          <Icon name="close" />
        </button>
      </div>
      {refused && <Slot key="problem" element={refused.problem} />}
      {words !== '' && discloses}
      {isOpen && !isGroup && further.length > 0 && (
        <div key="settings" class="settings">
          {further.map((field) => (
            <label key={field.key}>
              <span class="unit">{field.label}</span>
              <FieldControl {...own} field={field} isWrong={field === wrong} />
            </label>
          ))}
        </div>
      )}
      {context.flattenBefore === path && (
        <button key="cure" type="button" class="button cure" onClick={() => editing.insert(placeOfPath(path), [{ type: 'flatten' }])}>
          <Icon name="plus" />
          {t('network.flattenBefore')}
        </button>
      )}
      {isGroup && isOpen && <Inside key="inside" {...own} rows={(list, layers) => <Rows {...{ editing, context, list, layers }} />} />}
      <Inserter key="insert" editing={editing} place={afterPath(path)} name={name} />
    </li>
  )
}

/** The rows of a list of layers. */
export const Rows = ({
  editing,
  context,
  list,
  layers,
}: Pick<RowProps, 'editing' | 'context'> & { list: string; layers: readonly Layer[] }) => (
  <>
    {layers.map((layer, i) => (
      <LayerRow key={`${list}.${i}`} editing={editing} context={context} layer={layer} path={`${list}.${i}`} />
    ))}
  </>
)

function Disclose({ editing, path, name, words, isGroup }: RowProps & { words: string; isGroup: boolean }): JSX.Element {
  const what = t(isGroup ? 'network.layersWithin' : 'network.furtherSettings')
  const told = words === '' ? what : t('network.told', { what, settings: words })
  return (
    <button
      type="button"
      class={words === '' ? 'disclose alone' : 'disclose'}
      title={words || what}
      aria-label={t('network.of', { name, what: told })}
      aria-expanded={editing.isOpen(path)}
      onClick={() => editing.toggle(path)}
    >
      <Icon name="right" />
      {words !== '' && <span>{words}</span>}
    </button>
  )
}

// No button: Firefox drags nothing that is held by one.
function Handle({ editing, path, name }: RowProps): JSX.Element {
  return (
    <span
      role="button"
      tabIndex={0}
      class="handle"
      title={t('network.moveHint')}
      aria-label={t('network.move', { name })}
      onKeyDown={(event) => {
        const key = arrows[event.key as keyof typeof arrows]
        if (!key) return
        event.preventDefault()
        event.stopPropagation()
        editing.step(path, key)
      }}
    >
      <Icon name="handle" />
    </span>
  )
}

/** What a layer is; where others take the same place, a choice of them. */
function Kind({ editing, context, layer, path, name }: RowProps): JSX.Element {
  const family = familyOf(layer)
  // Of `Residual 1 · Dense 2` the last part.
  const title = context.names.get(path)?.split(' · ').at(-1) ?? layerTitle(layer.type)
  if (!family) return <span class="container">{title}</span>
  return (
    <Select
      label={name}
      options={family.map((value) => ({ value, text: layerTitle(value) }))}
      value={layer.type}
      onChange={(type) => editing.set(path, (own) => exchange(own, type), 'kind')}
    />
  )
}

/** Another kind of the same family; numbers that both have are kept. */
function exchange(layer: Layer, type: Layer['type']): void {
  const numbers = { ...layer } as Record<string, unknown>
  for (const key of Object.keys(layer)) delete (layer as unknown as Record<string, unknown>)[key]
  Object.assign(layer, { type })
  for (const key of Object.keys(kindOf(layer).fields)) if (numbers[key] !== undefined) Object.assign(layer, { [key]: numbers[key] })
}

/** The field that a refusal names by its path; the first where it names none. */
function wrongField(fields: readonly Field[], { field }: NonNullable<RowContext['refused']>): Field | undefined {
  const key = field.slice(field.lastIndexOf('.') + 1)
  return fields.find((own) => own.key === key) ?? fields[0]
}
