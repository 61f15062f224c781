/** One step played slowly: forward through the layers, then backward, with a caption that says which. */
import { byId, h, setText } from '../ui/dom.ts'
import { calm } from '../ui/motion.ts'
import { t } from '../words/language.ts'
import type { View } from '../../view/types.ts'
import type { Session } from '../run/session.ts'

const duration = 3200
/** The caption stays a moment after the step. */
const stay = 900
/** With reduced motion only the end of the forward and of the backward pass are shown. */
const stills = [0.499, 0.999]

export function slowStep(session: Session, view: View, move: () => void): () => void {
  const what = h('b')
  const more = h('span')
  const fill = h('span')
  const phase = h('span', { class: 'phase' }, fill)
  const caption = h('div', { class: 'glass caption', hidden: true }, what, phase, more)
  byId('caption').append(caption)
  let playing = 0
  /** Steps asked for and not done. */
  let pending = 0
  let hide: ReturnType<typeof setTimeout> | undefined

  const stop = () => {
    playing++
    caption.hidden = true
    setText(what, '')
    setText(more, '')
    view.set({ flow: null })
    move()
  }

  return () => {
    // A key held down asks for more steps than a slow network takes.
    if (pending > 1) return
    const ticket = ++playing
    clearTimeout(hide)
    pending++
    void session.step().then(() => {
      pending--
      if (ticket !== playing) return
      const { live } = session.state.value
      const start = performance.now()
      caption.hidden = false
      const frame = () => {
        if (ticket !== playing) return
        if (session.state.value.playing) return stop()
        const elapsed = Math.min(1, (performance.now() - start) / duration)
        const share = calm() && elapsed < 1 ? stills[elapsed < 0.5 ? 0 : 1]! : elapsed
        if (share !== view.settings.flow) {
          view.set({ flow: share })
          move()
        }
        const forward = share < 0.5
        setText(what, share >= 1 ? t('stage.update') : forward ? t('stage.forward') : t('stage.backward'))
        setText(more, share >= 1 ? t('stage.stepDone', { step: live.step }) : forward ? t('stage.activations') : t('stage.gradients'))
        phase.toggleAttribute('data-back', !forward)
        fill.style.transform = `scaleX(${share >= 1 ? 1 : forward ? 2 * share : 2 * share - 1})`
        if (share < 1) requestAnimationFrame(frame)
        else hide = setTimeout(() => ticket === playing && stop(), stay)
      }
      frame()
    })
  }
}
