/** A layer's row in the rail: its handle, what it is, its numbers, the shape that it gives; and the rows within a group. */
import type { ComponentChild, VNode } from 'preact'
import { familyOf, kindOf } from '../../model/catalogue/layers.ts'
import type { Layer } from '../../model/types.ts'
import { fieldsOf, isMain, setField, type Field } from './fields.ts'
import { offersAt } from './offers.ts'
import { listsOf, placeOfPath, type Place } from './layer-tree.ts'
import { groupWords, layerTitle, settingWords, shapeWords } from '../words/layer-words.ts'
import { openMenu } from '../ui/menu.ts'
import { stepper } from '../ui/stepper.ts'
import { v, vIcon, vSelect } from '../ui/vnode.ts'

/** What rows ask for. */
export interface Editing {
  set(path: string, change: (layer: Layer) => void, field: string): void
  insert(place: Place, layers: readonly Layer[]): void
  remove(path: string): void
  move(path: string, to: Place): void
  /** Moves a layer as an arrow key does. */
  step(path: string, key: 'up' | 'down' | 'left' | 'right'): void
  isOpen(path: string): boolean
  /** Opens or closes a group, or the further settings of a layer. */
  toggle(path: string): void
  layers(): readonly Layer[]
  /** Shape of one sample as the network takes it. */
  input(): number[]
}

/** What rows show beside the layers themselves, by path. */
export interface RowContext {
  names: ReadonlyMap<string, string>
  shapes: ReadonlyMap<string, { output: number[] | null }>
  /** The dense layer that meets images without a flatten before it. */
  flattenBefore: string | null
  /** The row in which something was refused, and the element that says why. */
  refused: { path: string; field: string; message: string; problem: HTMLElement } | null
}

const arrows = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' } as const

export function layerRow(editing: Editing, context: RowContext, layer: Layer, path: string): VNode {
  const name = rowName(path, layer)
  const fields = fieldsOf(layer)
  const main = fields.find((field) => isMain(layer, field))
  const further = fields.filter((field) => field !== main)
  const { picture } = kindOf(layer)
  const isGroup = picture === 'sum' || picture === 'join'
  const isOpen = editing.isOpen(path)
  const shownFields = [...(main ? [main] : []), ...(isOpen ? further : [])]
  const refused = context.refused?.path === path ? context.refused : null
  const wrong = refused && wrongField(shownFields, refused)
  const { output = null } = context.shapes.get(path) ?? {}
  const title = ownTitle(context.names.get(path)) ?? layerTitle(layer.type)
  const words = isGroup ? groupWords(layer) : settingWords(layer)
  const disclose = (text: string, what: string) =>
    v(
      'button',
      {
        key: 'disclose',
        type: 'button',
        class: text === '' ? 'disclose alone' : 'disclose',
        title: text || what,
        'aria-label': `${name}: ${what}${text && `, ${text}`}`,
        'aria-expanded': String(isOpen),
        onclick: () => editing.toggle(path),
      },
      vIcon('right'),
      text && v('span', {}, text),
    )
  const discloses = isGroup || further.length > 0 ? disclose(words, isGroup ? 'layers within' : 'further settings') : null
  return v(
    'li',
    {
      key: path,
      class: `layer${picture === 'weights' ? ' weighty' : ''}${isGroup ? ' group' : ''}${refused ? ' wrong' : ''}`,
      'data-layer': path,
      draggable: true,
    },
    v(
      'div',
      { key: 'head', class: 'layer-head' },
      handleOf(editing, path, name),
      v('div', { class: 'kind' }, typeChoice(editing, layer, path, title, name), words === '' && discloses),
      main ? control(editing, layer, path, main, name, main === wrong) : v('span', {}),
      v('span', { class: 'shape', title: output ? 'Shape of one sample after this layer' : '' }, shapeWords(output)),
      removeOf(editing, path, name),
    ),
    refused && slot(refused.problem),
    words !== '' && discloses,
    isOpen && !isGroup && further.length > 0
      ? v(
          'div',
          { key: 'settings', class: 'settings' },
          ...further.map((field) => labelled(field, control(editing, layer, path, field, name, field === wrong))),
        )
      : null,
    context.flattenBefore === path
      ? v(
          'button',
          { key: 'cure', type: 'button', class: 'button cure', onclick: () => editing.insert(placeOfPath(path), [{ type: 'flatten' }]) },
          vIcon('plus'),
          'Flatten before it',
        )
      : null,
    isGroup && isOpen ? inside(editing, context, layer, path) : null,
    inserter(editing, afterPath(path), name),
  )
}

/** A place for an element that is not Preact's own. */
const slot = (element: HTMLElement): VNode =>
  v('div', { key: 'slot', ref: (own: HTMLElement | null) => own?.firstChild !== element && own?.append(element) })

/** The field that a refusal names, by its path or in its sentence; the first where it names none. */
function wrongField(fields: readonly Field[], { field, message }: { field: string; message: string }): Field | undefined {
  const key = field.slice(field.lastIndexOf('.') + 1)
  return fields.find((own) => own.key === key) ?? fields.find((own) => message.includes(own.key)) ?? fields[0]
}

/** `Layer 3, Dense`; within groups `Layer 3.shortcut.1, Dense`. */
function rowName(path: string, layer: Layer): string {
  const at = path
    .split('.')
    .slice(1)
    .map((key) => (/^\d+$/.test(key) ? String(Number(key) + 1) : key))
    .filter((key) => key !== 'layers')
    .join('.')
    .replace('branches', 'branch')
  return `Layer ${at}, ${layerTitle(layer.type)}`
}

const afterPath = (path: string): Place => {
  const { list, index } = placeOfPath(path)
  return { list, index: index + 1 }
}

/** Of `Residual 1 · Dense 2` the last part. */
const ownTitle = (name: string | undefined): string | undefined => name?.split(' · ').at(-1)

// No button: Firefox drags nothing that is held by one.
const handleOf = (editing: Editing, path: string, name: string) =>
  v(
    'span',
    {
      role: 'button',
      tabindex: 0,
      class: 'handle',
      title: 'Drag to move; arrow keys move it too: → into the group before it, ← out of its group',
      'aria-label': `${name}: move with the arrow keys`,
      onkeydown: (event: KeyboardEvent) => {
        const key = arrows[event.key as keyof typeof arrows]
        if (!key) return
        event.preventDefault()
        event.stopPropagation()
        editing.step(path, key)
      },
    },
    vIcon('handle'),
  )

const removeOf = (editing: Editing, path: string, name: string) =>
  v(
    'button',
    { type: 'button', class: 'icon-button remove', title: 'Remove', 'aria-label': `Remove ${name}`, onclick: () => editing.remove(path) },
    vIcon('close'),
  )

/** What a layer is; where others take the same place, a choice of them. */
function typeChoice(editing: Editing, layer: Layer, path: string, text: string, name: string): VNode {
  const options = familyOf(layer)
  if (!options) return v('span', { class: 'container' }, text)
  return vSelect(
    name,
    options.map((value) => ({ value: value as string, text: layerTitle(value) })),
    layer.type,
    (type) => editing.set(path, (own) => exchange(own, type as Layer['type']), 'kind'),
  )
}

/** Another kind of the same family; numbers that both have are kept. */
function exchange(layer: Layer, type: Layer['type']): void {
  const numbers = { ...layer } as Record<string, unknown>
  for (const key of Object.keys(layer)) delete (layer as unknown as Record<string, unknown>)[key]
  Object.assign(layer, { type })
  for (const key of Object.keys(kindOf(layer).fields)) if (numbers[key] !== undefined) Object.assign(layer, { [key]: numbers[key] })
}

function control(editing: Editing, layer: Layer, path: string, field: Field, name: string, invalid: boolean): ComponentChild {
  const value = (layer as unknown as Record<string, unknown>)[field.key]
  const change = (next: number | string | boolean) => editing.set(path, (own) => setField(own, field, next), field.key)
  if (field.kind === 'switch') {
    return v('input', {
      type: 'checkbox',
      checked: value === undefined ? field.fallback : value === true,
      'data-key': field.key,
      'aria-label': `${name}: ${field.label}`,
      'aria-invalid': invalid ? 'true' : undefined,
      onchange: (event: Event) => change((event.target as HTMLInputElement).checked),
    })
  }
  return stepper({
    label: `${name}: ${field.label}`,
    value: value === undefined ? '' : String(value),
    field: field.key,
    invalid,
    ...(field.fallback !== undefined && { placeholder: String(field.fallback) }),
    change,
    next: (now, up) => field.next(now, up),
  })
}

const labelled = ({ key, label }: Field, ...children: ComponentChild[]) =>
  v('label', { key }, v('span', { class: 'unit' }, label), ...children)

/** The lists within a group, each with its own way to add to it. */
function inside(editing: Editing, context: RowContext, layer: Layer, path: string): VNode {
  const lists = listsOf(layer, path)
  return v(
    'div',
    { key: 'inside', class: 'inside' },
    ...lists.flatMap(({ list, name, layers }) => [
      v(
        'div',
        { key: `head ${list}`, class: 'inside-head' },
        v('span', { class: 'unit' }, layers.length === 0 ? `${name} · identity` : name),
        adder(editing, { list, index: layers.length }, `Add to ${name}`),
        layer.type === 'concat' && lists.length > 1
          ? v(
              'button',
              {
                type: 'button',
                class: 'icon-button remove',
                title: `Remove ${name}`,
                'aria-label': `Remove ${name} of ${rowName(path, layer)}`,
                onclick: () => editing.remove(list),
              },
              vIcon('close'),
            )
          : null,
      ),
      v(
        'ol',
        { key: list, class: 'layers', 'data-list': list },
        ...layers.map((inner, i) => layerRow(editing, context, inner, `${list}.${i}`)),
      ),
    ]),
    layer.type === 'concat'
      ? v(
          'button',
          {
            key: 'add',
            type: 'button',
            class: 'button add',
            onclick: () => editing.set(path, (own) => own.type === 'concat' && own.branches.push([]), 'branch'),
          },
          vIcon('plus'),
          'Add branch',
        )
      : null,
  )
}

/** A button that opens the menu of what can stand at a place. */
export function adder(editing: Editing, place: Place, text: string): VNode {
  return v(
    'button',
    {
      type: 'button',
      class: 'button add',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      onclick: (event: Event) => offer(editing, place, event.currentTarget as HTMLElement),
    },
    vIcon('plus'),
    text,
  )
}

/** The same between two rows, seen when the pointer or the focus is near. */
export function inserter(editing: Editing, place: Place, name: string): VNode {
  return v(
    'button',
    {
      key: 'insert',
      type: 'button',
      class: 'insert',
      title: 'Add a layer here',
      'aria-label': `Add a layer after ${name}`,
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      onclick: (event: Event) => offer(editing, place, event.currentTarget as HTMLElement),
    },
    vIcon('plus'),
  )
}

function offer(editing: Editing, place: Place, button: HTMLElement): void {
  const items = offersAt(editing.layers(), editing.input(), place).map(({ title, group, layers, output }) => ({
    text: layers.length > 1 && layers[0]!.type === 'flatten' ? `${title}, flattened` : title,
    note: shapeWords(output),
    group,
    choose: () => editing.insert(place, layers),
  }))
  openMenu(button, 'Add a layer', items)
}
