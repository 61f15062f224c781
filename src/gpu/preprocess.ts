import { evaluate, type Scope } from './expression.ts'

/**
 * The shader preprocessor: what `override` constants cannot express (types, epilogues, array sizes, register tiles).
 *
 *     #include NAME                  the text of shaders/NAME.wgsl, once a module; NAME may be a define
 *     #if EXPRESSION … #else … #endif
 *     #each NAME EXPRESSION … #end   the lines between, for NAME = 0, 1, … below the expression
 *     $(EXPRESSION)                  its value: s$(I)_$(J) becomes s0_3
 *
 * Expressions are those of expression.ts over the defines and the names of the `#each` around them. Whole words that equal a define's name are replaced
 * by its value.
 */
export type Defines = Scope

type Part =
  | { kind: 'line'; line: number; text: string }
  | { kind: 'include'; line: number; name: string }
  | { kind: 'if'; line: number; condition: string; held: Part[]; otherwise: Part[] }
  | { kind: 'each'; line: number; name: string; count: string; body: Part[] }

export function preprocess(name: string, source: (name: string) => string, defines: Defines = {}): string {
  const included = new Set<string>()
  const lines: string[] = []
  const replace = substitution(defines)
  const value = (file: string, line: number, text: string, scope: Scope) => {
    try {
      return evaluate(text, scope)
    } catch (error) {
      throw new Error(`${file}.wgsl:${line}: ${(error as Error).message}`, { cause: error })
    }
  }
  const include = (file: string) => {
    if (included.has(file)) return
    included.add(file)
    emit(file, parse(file, source(file)), defines)
  }
  const emit = (file: string, parts: Part[], scope: Scope) => {
    for (const part of parts) {
      if (part.kind === 'line') lines.push(replace(interpolate(part.text, (text) => String(value(file, part.line, text, scope)))))
      else if (part.kind === 'include') include(String(defines[part.name] ?? part.name))
      else if (part.kind === 'if') emit(file, value(file, part.line, part.condition, scope) ? part.held : part.otherwise, scope)
      else
        for (let i = 0, count = value(file, part.line, part.count, scope); i < count; i++)
          emit(file, part.body, { ...scope, [part.name]: i })
    }
  }
  include(name)
  return lines.join('\n')
}

const closing = { if: '#endif', each: '#end' } as const

function parse(file: string, text: string): Part[] {
  const root: Part[] = []
  const open: Extract<Part, { kind: 'if' | 'each' }>[] = []
  let parts = root
  text.split('\n').forEach((line, index) => {
    const number = index + 1
    const refuse = (what: string): never => {
      throw new Error(`${file}.wgsl:${number}: ${what}`)
    }
    if (!/^\s*#/.test(line)) return void parts.push({ kind: 'line', line: number, text: line })
    const [, word, rest = ''] = /^\s*#(\w+)\s*(.*?)\s*$/.exec(line) ?? []
    const block = open.at(-1)
    switch (word) {
      case 'include':
        if (!/^\w+$/.test(rest)) refuse(`malformed directive ${line.trim()}`)
        return void parts.push({ kind: 'include', line: number, name: rest })
      case 'if': {
        const made: Part = { kind: 'if', line: number, condition: rest, held: [], otherwise: [] }
        parts.push(made)
        open.push(made)
        parts = made.held
        return
      }
      case 'each': {
        const [, name = refuse(`malformed directive ${line.trim()}`), count = ''] = /^(\w+)\s+(.+)$/.exec(rest) ?? []
        const made: Part = { kind: 'each', line: number, name, count, body: [] }
        parts.push(made)
        open.push(made)
        parts = made.body
        return
      }
      case 'else':
        if (block?.kind !== 'if') return void refuse('#else without #if')
        parts = block.otherwise
        return
      case 'endif':
      case 'end': {
        if (!block || closing[block.kind] !== `#${word}`) return void refuse(`#${word} without #${word === 'end' ? 'each' : 'if'}`)
        open.pop()
        const outer = open.at(-1)
        parts = !outer ? root : outer.kind === 'each' ? outer.body : holds(outer.held, block) ? outer.held : outer.otherwise
        return
      }
      default:
        refuse(word === undefined ? `malformed directive ${line.trim()}` : `unknown directive #${word}`)
    }
  })
  const left = open.at(-1)
  if (left) throw new Error(`${file}.wgsl:${left.line}: #${left.kind} without ${closing[left.kind]}`)
  return root
}

const holds = (parts: readonly Part[], part: Part) => parts.includes(part)

/** Replaces every `$(…)`, which may hold parentheses of its own. */
function interpolate(text: string, valueOf: (expression: string) => string): string {
  let [out, rest] = ['', text]
  for (let at = rest.indexOf('$('); at >= 0; at = rest.indexOf('$(')) {
    let end = at + 2
    for (let depth = 1; depth > 0 && end < rest.length; end++) depth += rest[end] === '(' ? 1 : rest[end] === ')' ? -1 : 0
    out += rest.slice(0, at) + valueOf(rest.slice(at + 2, end - 1))
    rest = rest.slice(end)
  }
  return out + rest
}

function substitution(defines: Defines): (line: string) => string {
  const names = Object.keys(defines)
  if (names.length === 0) return (line) => line
  const words = new RegExp(`\\b(?:${names.join('|')})\\b`, 'g')
  return (line) => line.replace(words, (word) => String(defines[word]))
}
