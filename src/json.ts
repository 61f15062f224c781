/** Text as JSON; where it is none, the place and what was expected there, in the same words on every engine. */
import { InputError } from './errors.ts'

/** @throws InputError when the text is no JSON; `expected` says what the file should hold */
export function parseJson(name: string, text: string, expected: string): unknown {
  if (text.trim() === '') throw new InputError(`${name}: found an empty file, expected ${expected}.`)
  try {
    return JSON.parse(text)
  } catch {
    const { at, wanted } = faultOf(text)
    const lines = text.slice(0, at).split('\n')
    const found = at >= text.length ? 'the end of the file' : JSON.stringify(/^(?:[\w.+-]{1,20}|[^])/.exec(text.slice(at))![0])
    throw new InputError(
      `${name} is not JSON: at line ${lines.length}, column ${lines.at(-1)!.length + 1} found ${found}, expected ${wanted} (${expected}).`,
    )
  }
}

interface Fault {
  at: number
  wanted: string
}

const tokens = {
  space: /[ \t\n\r]*/y,
  scalar: /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y,
  text: /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y,
}

/** The first place at which a text that is no JSON cannot go on. Keeps its own stack, so that no nesting is too deep for it. */
function faultOf(text: string): Fault {
  let at = 0
  const take = (token: RegExp) => {
    token.lastIndex = at
    const taken = token.test(text)
    if (taken) at = token.lastIndex
    return taken
  }
  const open: ('}' | ']')[] = []
  let state: 'value' | 'first' | 'key' | 'next' = 'value'
  /** Takes a string; its end must be there. */
  const string = () => take(tokens.text) && text[at] === '"' && ++at > 0
  const stringFault = (start: number, otherwise: string): Fault =>
    at > start
      ? { at, wanted: at >= text.length || text[at] === '\n' ? 'a closing quote' : 'a character that a string may hold' }
      : { at, wanted: otherwise }
  for (;;) {
    take(tokens.space)
    const start = at
    const char = text[at]
    if (state === 'next') {
      const closing = open.at(-1)
      if (closing === undefined) return { at, wanted: 'nothing more' }
      if (char === closing) {
        at++
        open.pop()
      } else if (char === ',') {
        at++
        state = closing === '}' ? 'key' : 'value'
      } else return { at, wanted: `a comma or ${closing}` }
    } else if (state === 'key' || (state === 'first' && open.at(-1) === '}')) {
      if (state === 'first' && char === '}') {
        at++
        open.pop()
        state = 'next'
        continue
      }
      if (!string()) return stringFault(start, 'a key in double quotes')
      take(tokens.space)
      if (text[at] !== ':') return { at, wanted: 'a colon' }
      at++
      state = 'value'
    } else if (state === 'first' && char === ']') {
      at++
      open.pop()
      state = 'next'
    } else if (char === '{' || char === '[') {
      at++
      open.push(char === '{' ? '}' : ']')
      state = 'first'
    } else {
      if (!take(tokens.scalar) && !string()) return stringFault(start, 'a value')
      state = 'next'
    }
  }
}
