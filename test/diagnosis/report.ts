/** docs/diagnosis.md: every rule with its thresholds, and what they do on networks that are broken on purpose and on healthy ones. */
import { rules, thresholdsOf } from '../../src/answers/findings/rules.ts'
import { thresholdKey, type Threshold } from '../../src/answers/findings/finding.ts'
import { aboutOf } from '../../src/answers/findings/rule-words.ts'
import { inEnglish } from '../../src/words/english.ts'
import { figure, percentage } from '../../src/words/figures.ts'
import type { Check, Diagnosis } from './measure.ts'

const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

const valueOf = ({ value, unit }: Threshold) => (unit === 'share' ? percentage(value) : figure(value))
const loss = (value: number | null) => (value === null || !Number.isFinite(value) ? 'not finite' : figure(value))

const ruleRows = () =>
  rules.map((own) => {
    const thresholds = Object.entries(thresholdsOf(own)).map(
      ([name, threshold]) => `\`${thresholdKey(own.kind, name)}\` ${valueOf(threshold)} (${threshold.source})`,
    )
    return [`\`${own.kind}\``, inEnglish(aboutOf(own.kind)), thresholds.join('; ')]
  })

export function page(broken: readonly Diagnosis[], healthy: readonly Check[], where: string): string {
  const named = broken.filter((own) => own.named)
  const cured = broken.filter(({ cures }) => cures.some(({ helps }) => helps))
  const alarms = healthy.reduce((sum, { found }) => sum + found.length, 0)
  return `# Diagnosis

What \`train\`, the library's \`watch\` and the page's tab _Why does it not learn?_ look for, where the thresholds come from, and how well they do. This page is written by \`node tools/diagnosis.mjs\`.

A run is looked at at steps 1, 5, 10, 15, 20, 30 and so on, ever more seldom in the long run. A finding takes as many looks in a row as \`hits\` says. _The network learns_ where it is free of half of a constant guess's loss, or is better than one and its loss falls beyond chance from one quarter of the run to the next: then sparse ReLUs or a small gradient deep down are no reason to look for one, as in AutoTrainer.

## Rules

${table(['finding', 'what is measured', 'thresholds'], ruleRows())}

## Networks broken on purpose

Each is broken in one way, and has a healthy twin without the fault. Of ${broken.length}, ${named.length} are named with kind, layer and in time, and for ${cured.length} (${Math.round((100 * cured.length) / Math.max(1, broken.length))} %) the first or the second cure offered reaches the twin's loss within a tenth, in as many steps on the same data. Losses are of all training samples, of overfitting of the test samples. ${where}

${table(
  ['network', 'expected', 'found', 'loss', "twin's", 'first cures and their loss'],
  broken.map(({ name, expected, named: own, others, loss: reached, twin, cures }) => [
    name,
    expected,
    own
      ? `${own.kind}${own.layer ? ` at ${own.layer}` : ''}, by step ${own.foundStep}`
      : `**missed**: ${others.map(({ kind }) => kind).join(', ') || 'nothing'}`,
    loss(reached),
    loss(twin),
    cures.map((cure) => `${cure.sentence}: ${loss(cure.loss)}${cure.helps ? ' ✓' : ''}`).join('; ') || '–',
  ]),
)}

## Healthy networks

Of ${healthy.length}, ${healthy.filter(({ found }) => found.length === 0).length} give no finding; ${alarms === 1 ? 'there is 1 false one' : `there are ${alarms} false ones`}.

${table(
  ['network', 'training loss', 'test loss', 'found'],
  healthy.map(({ name, train, test, found }) => [name, loss(train), loss(test), found.map(({ sentence }) => sentence).join(' ') || '–']),
)}
`
}
