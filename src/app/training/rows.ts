/** Rows of lil-gui that show a description and edit it. Each is made once: rows that come and go are shown and hidden, so that focus and clicks find them. */
import type { Controller, GUI } from 'lil-gui'
import type { Description } from '../run/state.ts'

export interface Field {
  name: string
  controller: Controller
  input: HTMLInputElement | HTMLSelectElement | null
  show(draft: Description): void
  /** Whether the description has it; absent: always. `sample`: the shape of one sample of the data. */
  isIn?: (draft: Description, sample: readonly number[]) => boolean
}

/** Rows that are there only where `isIn` says so. */
export const where = (isIn: NonNullable<Field['isIn']>, ...fields: Field[]): Field[] => fields.map((field) => ({ ...field, isIn }))

export type Edit = (change: (draft: Description) => void, field: string) => void

export interface Rows {
  choice<T extends string>(
    name: string,
    label: string,
    options: Record<string, T>,
    read: (draft: Description) => T,
    write: (draft: Description, value: T) => void,
  ): Field
  /** A number; what is typed and is none is kept as it stands, for the model's own check to refuse. */
  number(name: string, label: string, read: (draft: Description) => unknown, write: (draft: Description, value: number) => void): Field
}

const typed = (text: string): number => (text.trim() === '' || Number.isNaN(Number(text)) ? (text as unknown as number) : Number(text))

export function rowsIn(gui: GUI, draft: Description, edit: Edit): Rows {
  return {
    choice(name, label, options, read, write) {
      const model = { value: read(draft) }
      const controller = gui.add(model, 'value', options).name(label)
      controller.onChange((value: typeof model.value) => edit((next) => write(next, value), name))
      const input = controller.domElement.querySelector('select')
      input?.setAttribute('aria-label', label)
      return { name, controller, input, show: (next) => refresh(controller, model, read(next)) }
    },
    number(name, label, read, write) {
      const text = (next: Description) => String(read(next) ?? '')
      const model = { value: text(draft) }
      const controller = gui.add(model, 'value').name(label)
      const input = controller.domElement.querySelector('input')
      input?.setAttribute('aria-label', label)
      input?.setAttribute('inputmode', 'decimal')
      let isTyped = false
      let shown = model.value
      const commit = () => {
        isTyped = false
        edit((next) => write(next, typed(model.value)), name)
      }
      input?.addEventListener('input', () => (isTyped = true))
      controller.onFinishChange(commit)
      // lil-gui would leave the field.
      const enter = (event: KeyboardEvent) => {
        if (event.key !== 'Enter') return
        event.stopPropagation()
        commit()
      }
      controller.domElement.addEventListener('keydown', enter, { capture: true })
      return {
        name,
        controller,
        input,
        // What is being typed stays, unless the number it was to replace is another now.
        show(next) {
          const value = text(next)
          if (isTyped && value === shown) return
          isTyped = false
          shown = value
          refresh(controller, model, value)
        },
      }
    },
  }
}

function refresh<T>(controller: Controller, model: { value: T }, value: T): void {
  if (model.value === value) return
  model.value = value
  controller.updateDisplay()
}
