/**
 * The shader preprocessor: what `override` constants cannot express (types, epilogues, array sizes).
 *
 *     #include NAME      the text of shaders/NAME.wgsl, once a module; NAME may be a define
 *     #include NAME named            NAME may be a list with commas; each file's functions get the file's name in front: tanhActivate
 *     #if NAME … #else … #endif      by whether the define is set and not false, 0 or ''
 *
 * Whole words that equal a define's name are replaced by its value.
 */
export type Defines = Readonly<Record<string, string | number | boolean>>

export function preprocess(name: string, source: (name: string) => string, defines: Defines = {}): string {
  const included = new Set<string>()
  const lines: string[] = []
  const expand = (file: string, named = false) => {
    if (included.has(file)) return
    included.add(file)
    const replace = substitution(named ? { ...functionNames(file, source(file)), ...defines } : defines)
    const open: { line: number; on: boolean; parent: boolean }[] = []
    let on = true
    source(file)
      .split('\n')
      .forEach((line, index) => {
        const where = `${file}.wgsl:${index + 1}`
        const directive = /^\s*#(\w+)\s*(\w*)(?:\s+(named))?\s*$/.exec(line)
        if (!directive) {
          if (/^\s*#/.test(line)) throw new Error(`${where}: malformed directive ${line.trim()}`)
          if (on) lines.push(replace(line))
          return
        }
        const [, word, argument = '', named] = directive
        if (word === 'if') {
          open.push({ line: index + 1, on: isSet(defines[argument]), parent: on })
          on = on && isSet(defines[argument])
        } else if (word === 'else' || word === 'endif') {
          const block = open.at(-1)
          if (!block) throw new Error(`${where}: #${word} without #if`)
          if (word === 'else') on = block.parent && !block.on
          else on = open.pop()!.parent
        } else if (word === 'include') {
          const files = String(defines[argument] ?? argument)
          if (on) for (const part of named ? files.split(',').filter(Boolean) : [files]) expand(part, named !== undefined)
        } else throw new Error(`${where}: unknown directive #${word}`)
      })
    if (open.length) throw new Error(`${file}.wgsl:${open.at(-1)!.line}: #if without #endif`)
  }
  expand(name)
  return lines.join('\n')
}

function isSet(value: string | number | boolean | undefined) {
  return value !== undefined && value !== false && value !== 0 && value !== ''
}

function substitution(defines: Defines): (line: string) => string {
  const names = Object.keys(defines)
  if (names.length === 0) return (line) => line
  const words = new RegExp(`\\b(?:${names.join('|')})\\b`, 'g')
  return (line) => line.replace(words, (word) => String(defines[word]))
}

/** New names for the functions that a file declares: tanhActivate for activate in tanh.wgsl. */
function functionNames(file: string, text: string): Defines {
  const names = [...text.matchAll(/^fn (\w+)/gm)].map(([, name]) => name!)
  return Object.fromEntries(names.map((name) => [name, `${file}${name[0]!.toUpperCase()}${name.slice(1)}`]))
}
