/** Parameters as lil-gui rows whose texts follow the language, and whose values what they are of. */
import { effect } from '@preact/signals'
import { FunctionController, GUI, NumberController, OptionController, type Controller } from 'lil-gui'

/** Texts are functions of the language at hand; they and the values are followed. */
type Text = () => string

interface Row {
  /** Beside the control. */
  name: Text
  /** Of the control, where it is more than the name. */
  label?: Text
  title?: Text
}
interface Choice<T extends string | number> extends Row {
  options: readonly { value: T; text: Text }[]
  value(): T
  change(value: T): void
}
interface Whole extends Row {
  /** From 1 to this; where there is no choice the row is hidden. */
  most(): number
  value(): number
  change(value: number): void
}
interface Action extends Row {
  act(): void
}

export class Parameters {
  readonly element: HTMLElement
  readonly #gui: GUI
  readonly #stops: (() => void)[] = []

  constructor(container: HTMLElement, label: Text) {
    this.#gui = new GUI({ container, autoPlace: false, title: '' })
    this.element = this.#gui.domElement
    this.element.querySelector('.lil-title')?.remove()
    this.element.setAttribute('role', 'group')
    this.#follow(() => this.element.setAttribute('aria-label', label()))
  }

  choice<T extends string | number>({ options, value, change, ...row }: Choice<T>): void {
    const model = { value: value() }
    const controller = new OptionController(this.#gui, model, 'value', {})
    this.#follow(() => {
      model.value = value()
      controller.options(Object.fromEntries(options.map((option) => [option.text(), option.value])))
    })
    this.#describe(controller, controller.$select, row)
    controller.onChange(change)
  }

  /** An integer from 1 on, with a slider. */
  whole({ most, value, change, ...row }: Whole): void {
    const model = { value: value() }
    const controller = new NumberController(this.#gui, model, 'value', 1, Math.max(2, most()), 1)
    this.#follow(() => {
      model.value = value()
      controller
        .max(Math.max(2, most()))
        .show(most() > 1)
        .updateDisplay()
    })
    this.#describe(controller, controller.$input, row)
    controller.onChange(change)
  }

  action({ act, ...row }: Action): void {
    const controller = new FunctionController(this.#gui, { act }, 'act')
    this.#describe(controller, controller.$button, row)
  }

  destroy(): void {
    for (const stop of this.#stops) stop()
    this.#gui.destroy()
  }

  #describe(controller: Controller, control: HTMLElement, { name, label, title }: Row): void {
    // lil-gui names a control by the text beside it.
    if (label) control.removeAttribute('aria-labelledby')
    this.#follow(() => {
      controller.name(name())
      if (label) control.setAttribute('aria-label', label())
      if (title) controller.domElement.title = title()
    })
  }

  #follow(say: () => void): void {
    this.#stops.push(
      effect(() => {
        say()
      }),
    )
  }
}
