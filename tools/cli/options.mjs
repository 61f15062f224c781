// @ts-check
/** The call or its input is wrong: one sentence on standard error, exit status 2. */
export class CallError extends Error {
  /** @override */
  name = 'CallError'
}

/**
 * @typedef {object} Option
 * @property {string} help
 * @property {string} [value] what stands after it in the help; absent for a flag
 * @property {boolean} [many] takes every word up to the next option
 * @property {string[]} [choices]
 * @property {{ integer?: boolean, minimum?: number, maximum?: number, open?: boolean }} [number] `open`: the bounds themselves are refused
 */
/** @typedef {{ summary: string, positional?: string, options: Record<string, Option> }} Command */
/** @typedef {{ positional: string | undefined, values: Record<string, any> }} Parsed */

/** @param {string} option @param {string} text @param {NonNullable<Option['number']>} rule */
function parseNumber(option, text, { integer = false, minimum = -Infinity, maximum = Infinity, open = false }) {
  const value = text.trim() === '' ? NaN : Number(text)
  const inside = open ? value > minimum && value < maximum : value >= minimum && value <= maximum
  if (inside && (!integer || Number.isSafeInteger(value))) return value
  const kind = integer ? 'a whole number' : 'a number'
  const bounds = maximum !== Infinity ? ` between ${minimum} and ${maximum}` : minimum !== -Infinity ? ` of at least ${minimum}` : ''
  throw new CallError(`--${option} takes ${kind}${bounds}, not '${text}'.`)
}

/**
 * Reads the words after a command. `--name value`, `--name=value`; the value of an option never begins with `--`.
 * @param {string} call what is called, as in `gradscope train` @param {Command} command @param {string[]} words
 * @returns {Parsed}
 */
export function parseOptions(call, command, words) {
  /** @type {Parsed} */
  const parsed = { positional: undefined, values: {} }
  for (let at = 0; at < words.length; at++) {
    const word = /** @type {string} */ (words[at])
    if (!word.startsWith('--')) {
      if (/^-./.test(word)) throw new CallError(`${call} has no option ${word} (see ${call} --help).`)
      if (!command.positional) throw new CallError(`${call} takes no argument '${word}' (see ${call} --help).`)
      if (parsed.positional !== undefined)
        throw new CallError(`${call} takes one ${command.positional}, but '${word}' follows '${parsed.positional}'.`)
      parsed.positional = word
      continue
    }
    const equals = word.indexOf('=')
    const key = word.slice(2, equals < 0 ? undefined : equals)
    const option = Object.hasOwn(command.options, key) ? command.options[key] : undefined
    if (!option) throw new CallError(`${call} has no option --${key} (see ${call} --help).`)
    if (key in parsed.values && !option.many) throw new CallError(`--${key} is given twice.`)
    if (!option.value) {
      if (equals >= 0) throw new CallError(`--${key} takes no value.`)
      parsed.values[key] = true
      continue
    }
    /** @type {string[]} */
    const given = equals >= 0 ? [word.slice(equals + 1)] : []
    if (equals < 0)
      while (at + 1 < words.length && !words[at + 1]?.startsWith('--') && (option.many || given.length === 0))
        given.push(/** @type {string} */ (words[++at]))
    if (given.length === 0 || given[0] === '') throw new CallError(`--${key} needs a value: --${key} ${option.value}.`)
    if (option.choices && !option.choices.includes(/** @type {string} */ (given[0])))
      throw new CallError(`--${key} takes one of ${option.choices.join(', ')}, not '${given[0]}'.`)
    const first = /** @type {string} */ (given[0])
    parsed.values[key] = option.many
      ? [...(parsed.values[key] ?? []), ...given]
      : option.number
        ? parseNumber(key, first, option.number)
        : first
  }
  return parsed
}

const helpWidth = 120

/** Breaks a text between words. @param {string} text @param {number} width */
function wrapped(text, width) {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last && last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = last ? `${last} ${word}` : word
  }
  return lines
}

/** @param {string} call @param {Command} command */
export function helpText(call, command) {
  const rows = Object.entries(command.options).map(([key, option]) => {
    const value = option.value ? ` ${option.value}${option.many ? '…' : ''}` : ''
    return /** @type {const} */ ([`  --${key}${value}`, option.help])
  })
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  const usage = `${call}${command.positional ? ` ${command.positional}` : ''} [options]`
  return `${usage}\n\n${command.summary}\n\n${rows.map(([left, help]) => left.padEnd(width) + wrapped(help, helpWidth - width).join(`\n${' '.repeat(width)}`)).join('\n')}\n`
}
