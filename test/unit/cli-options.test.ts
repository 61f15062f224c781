import { expect, test } from 'vitest'
import { presetNames } from '../../src/data/presets.ts'
import { command as train } from '../../tools/cli/train.mjs'
import { CallError, helpText, parseOptions, type Command } from '../../tools/cli/options.mjs'

const command: Command = {
  summary: 'Tries the options.',
  positional: 'DIR',
  options: {
    port: { value: 'N', number: { integer: true, minimum: 1, maximum: 9 }, help: 'a port' },
    share: { value: 'F', number: { minimum: 0, maximum: 1, open: true }, help: 'a share' },
    data: { value: 'FILE', many: true, help: 'files' },
    runtime: { value: 'a|b', choices: ['a', 'b'], help: 'where' },
    quiet: { help: 'says less' },
  },
}
const parse = (...words: string[]) => parseOptions('gradscope try', command, words)
const refusal = (...words: string[]) => {
  try {
    parse(...words)
  } catch (error) {
    if (error instanceof CallError) return error.message
    throw error
  }
  throw new Error('was not refused')
}

test('options, flags, many values and a positional', () => {
  expect(parse('here', '--port', '3', '--quiet', '--data', 'a', 'b', '--share=0.5')).toEqual({
    positional: 'here',
    values: { port: 3, quiet: true, data: ['a', 'b'], share: 0.5 },
  })
})

test.each([
  [['--speed'], 'gradscope try has no option --speed'],
  [['--toString'], 'gradscope try has no option --toString'],
  [['-s'], 'gradscope try has no option -s (see gradscope try --help).'],
  [['here', '-port', '3'], 'gradscope try has no option -port'],
  [['--port'], '--port needs a value: --port N.'],
  [['--port', '--quiet'], '--port needs a value: --port N.'],
  [['--port='], '--port needs a value: --port N.'],
  [['--port', 'x'], "--port takes a whole number between 1 and 9, not 'x'."],
  [['--port', '1.5'], "--port takes a whole number between 1 and 9, not '1.5'."],
  [['--port', '10'], "--port takes a whole number between 1 and 9, not '10'."],
  [['--share', '1'], "--share takes a number between 0 and 1, not '1'."],
  [['--port', '1', '--port', '2'], '--port is given twice.'],
  [['--runtime', 'c'], "--runtime takes one of a, b, not 'c'."],
  [['--quiet=yes'], '--quiet takes no value.'],
  [['one', 'two'], "gradscope try takes one DIR, but 'two' follows 'one'."],
])('%j is refused', (words, message) => {
  expect(refusal(...words)).toContain(message)
})

test('the help names every option', () => {
  const text = helpText('gradscope try', command)
  expect(text).toContain('gradscope try DIR [options]')
  for (const option of Object.keys(command.options)) expect(text).toContain(`--${option}`)
  for (const line of helpText('gradscope train', train).split('\n')) expect(line.length).toBeLessThanOrEqual(130)
})

test('train offers every preset', () => {
  expect(train.options['preset']!.choices).toEqual(presetNames)
})
