/** The share of a file's samples that is kept for testing, unless another file is there to test on. */
import { h, setText } from '../ui/dom.ts'

export interface SplitChoice {
  element: HTMLElement
  /** 0 where another file is tested on. */
  readonly fraction: number
}

export function splitChoice(noun: string, ownTest: string | null, onChange: () => void): SplitChoice {
  const output = h('output')
  const slider = h('input', {
    type: 'range',
    min: 0,
    max: 50,
    step: 5,
    value: 20,
    disabled: ownTest !== null,
    'aria-label': `Share of the ${noun} kept for testing, in percent`,
    oninput: () => {
      show()
      onChange()
    },
  })
  const show = () => {
    setText(output, ownTest === null ? `${slider.value} %` : '')
    slider.style.setProperty('--filled', `${Number(slider.value) * 2}%`)
  }
  show()
  const text = ownTest === null ? 'Kept for testing: ' : `Tested on ${ownTest}`
  return {
    element: h('label', {}, h('span', {}, text, output), ownTest === null && slider),
    get fraction() {
      return ownTest === null ? Number(slider.value) / 100 : 0
    },
  }
}
