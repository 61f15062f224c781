import { expect, test } from 'vitest'
import { importsOf, wrongImport, wrongImports } from '../../tools/imports.mjs'

test('every import of src goes down the floors and along the plan of the page', () => {
  expect(wrongImports()).toEqual([])
})

test.each([
  ['a kernel that takes from the graph', 'kernels/matmul.ts', 'graph/graph.ts', false],
  ['the model that takes from data', 'model/shapes.ts', 'data/types.ts', true],
  ['product code that takes from the reference', 'graph/lower.ts', 'kernels/reference/loss.ts', false],
  ['a chart that takes from the stage', 'app/charts/norms.ts', 'app/stage/legend.ts', false],
  ['one panel that takes from another', 'app/network/panel.tsx', 'app/training/panel.ts', false],
  ['words that take more than types of the run', 'app/words/waiting.ts', 'app/run/session.ts', false],
])('%s is told', (_, from, to, isType) => {
  expect(wrongImport(from, to, isType)).toContain(from)
})

test('imports are found in all their forms', () => {
  const text = `import './a.ts'\nimport { b } from './b.ts'\nimport type { C } from './c.ts'\nexport * from './d.ts'\nconst e = await import('./e.ts')\nimport {\n  f,\n} from './f.ts'`
  expect(importsOf(text)).toEqual([
    { path: './a.ts', isType: false },
    { path: './b.ts', isType: false },
    { path: './c.ts', isType: true },
    { path: './d.ts', isType: false },
    { path: './e.ts', isType: false },
    { path: './f.ts', isType: false },
  ])
})
