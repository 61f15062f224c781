/** Says over the stage what is being made while something is missing there; the page begins with it. */
import { byId, setText } from '../ui/dom.ts'

/** `null`: nothing is missing. */
export function tellMissing(what: string | null): void {
  const chip = byId('waiting')
  chip.hidden = what === null
  if (what !== null) setText(byId('waiting-for'), `${what} …`)
}
