/** Integer expressions of the shader preprocessor: + - * / % (integer division), comparisons, && || !, parentheses, names. */
export type Scope = Readonly<Record<string, string | number | boolean>>

const levels = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']]

const binary: Record<string, (a: number, b: number) => number> = {
  '||': (a, b) => Number(a || b),
  '&&': (a, b) => Number(a && b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => Math.floor(a / b),
  '%': (a, b) => a % b,
}

/** The value of `text`; a name that the scope lacks, false and the empty string are 0, true and any other word 1. Throws on bad syntax. */
export function evaluate(text: string, scope: Scope): number {
  const tokens = text.match(/\d+|\w+|\|\||&&|[=!<>]=|[-+*/%()<>!]|\S/g) ?? []
  let at = 0
  const fail = (): never => {
    throw new Error(`cannot read ${tokens[at] === undefined ? 'the end' : tokens[at]} in (${text})`)
  }
  const operand = (): number => {
    const token = tokens[at]
    if (token === undefined) return fail()
    at++
    if (token === '!') return Number(!operand())
    if (token === '(') {
      const value = level(0)
      return tokens[at] === ')' ? (at++, value) : fail()
    }
    if (/^\d/.test(token)) return Number(token)
    if (!/^\w/.test(token)) {
      at--
      return fail()
    }
    const value = scope[token] ?? 0
    return typeof value === 'number' ? value : Number(value !== '' && value !== false)
  }
  const level = (n: number): number => {
    const operators = levels[n]
    if (!operators) return operand()
    let value = level(n + 1)
    for (let operator = tokens[at]; operator !== undefined && operators.includes(operator); operator = tokens[at]) {
      at++
      value = binary[operator]!(value, level(n + 1))
    }
    return value
  }
  const value = level(0)
  return at === tokens.length ? value : fail()
}
