/** Text as JSON; where it is none, the place and what was expected there, in the same words on every engine. */
import { wrong, wrongIn } from './errors.ts'
import { message, type Message } from './words/say.ts'

/** @throws InputError when the text is no JSON; `expected` says what the file should hold */
export function parseJson(name: string, text: string, expected: Message): unknown {
  if (text.trim() === '') throw wrongIn(name, 'json.empty', { expected })
  try {
    return JSON.parse(text)
  } catch {
    const { at, wanted } = faultOf(text)
    const lines = text.slice(0, at).split('\n')
    const found = at >= text.length ? message('json.end') : JSON.stringify(/^(?:[\w.+-]{1,20}|[^])/.exec(text.slice(at))![0])
    throw wrong('json.wrong', { file: name, line: lines.length, column: lines.at(-1)!.length + 1, found, wanted, expected })
  }
}

interface Fault {
  at: number
  wanted: Message
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
  const stringFault = (start: number, otherwise: 'json.key' | 'json.value'): Fault =>
    at > start
      ? { at, wanted: message(at >= text.length || text[at] === '\n' ? 'json.closingQuote' : 'json.character') }
      : { at, wanted: message(otherwise) }
  for (;;) {
    take(tokens.space)
    const start = at
    const char = text[at]
    if (state === 'next') {
      const closing = open.at(-1)
      if (closing === undefined) return { at, wanted: message('json.nothingMore') }
      if (char === closing) {
        at++
        open.pop()
      } else if (char === ',') {
        at++
        state = closing === '}' ? 'key' : 'value'
      } else return { at, wanted: message('json.commaOr', { closing }) }
    } else if (state === 'key' || (state === 'first' && open.at(-1) === '}')) {
      if (state === 'first' && char === '}') {
        at++
        open.pop()
        state = 'next'
        continue
      }
      if (!string()) return stringFault(start, 'json.key')
      take(tokens.space)
      if (text[at] !== ':') return { at, wanted: message('json.colon') }
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
      if (!take(tokens.scalar) && !string()) return stringFault(start, 'json.value')
      state = 'next'
    }
  }
}
