/** Why something was refused, in the page's words. */
import { InputError } from '../../errors.ts'
import type { Layer } from '../../model/types.ts'
import type { Problem, Told } from '../run/state.ts'
import { said, saidBy, saidError } from './language.ts'
import { placeName } from './place-names.ts'

/** What is wrong in a file is said by the file's own paths, what is wrong in a description with these layers by its readers' words. */
export function toldText(told: Told, layers: readonly Layer[] = []): string {
  if (!(told instanceof InputError)) return said(told)
  return told.path === undefined || told.source !== undefined ? saidError(told) : described(told, layers)
}

/** Beside its field what is wrong needs no name of the call that refused it. */
export const problemText = ({ place, told }: Problem, layers: readonly Layer[]): string =>
  told instanceof InputError && told.path !== undefined && place !== 'data' ? described(told, layers) : toldText(told, layers)

/** Begins with a capital, also where a place's name comes first. */
function described({ told }: InputError, layers: readonly Layer[]): string {
  const sentence = saidBy((path) => placeName(path, layers), told)
  const first = sentence.charAt(0)
  return first >= 'a' && first <= 'z' ? first.toUpperCase() + sentence.slice(1) : sentence
}
