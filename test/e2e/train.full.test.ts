import { model, testFaultyFiles, testRefusedCalls } from './refused.ts'

testFaultyFiles([
  ['a model that does not fit its data', { 'model.json': JSON.stringify({ ...model, input: [5] }) }, ['[5]', '[2]']],
  [
    'a learning rate that is not a number',
    { 'model.json': JSON.stringify({ ...model, optimizer: { type: 'adam', learningRate: 'fast' } }) },
    ['optimizer.learningRate', '"fast"'],
  ],
  ['a model that is not JSON', { 'model.json': '{' }, ['model.json is not JSON']],
  ['an empty table', { 'colours.csv': '' }, ['colours.csv']],
  ['a truncated IDX file', { 'colours.csv': '\0\0\x08\x03\0\0\0\x05\0\0\0\x02\0\0\0\x02\x01' }, ['colours.csv']],
])

testRefusedCalls([
  [['--preset', 'xor', '--model', 'm', '--out', 'o'], 'exclude each other'],
  [['--preset', 'xor', '--data', 'd', '--out', 'o'], '--data goes with --model'],
  [['--model', 'm', '--data', 'd', '--out', 'o'], 'there is no file m'],
  [['--preset', 'xor', '--epochs', '1', '--steps', '1', '--out', 'o'], 'exclude each other'],
  [['--preset', 'xor', '--speed', '1'], 'no option --speed'],
  [['--preset', 'xor', '--restore-best', '--out', 'o'], '--restore-best goes with --patience'],
])
