/** 1 Data: the presets, what is loaded, and the ways in for own files. */
import { useComputed } from '@preact/signals'
import { render, type VNode } from 'preact'
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import type { Dataset } from '../../data/types.ts'
import type { Session } from '../run/session.ts'
import { byId, h } from '../ui/dom.ts'
import { problemOf } from '../ui/problem.ts'
import { Icon } from '../ui/elements.tsx'
import { t } from '../words/language.ts'
import type { Chosen } from './chosen-files.ts'
import { FileChooser } from './file-chooser.tsx'
import { Presets } from './presets.tsx'
import { noteText } from './told.ts'

interface Ways {
  choose: (preset: string) => void
  open: (chosen: Chosen[]) => void
}

export function dataPanel(session: Session, presetNames: readonly string[], ways: Ways): void {
  const host = h('div')
  byId('data').append(host, problemOf(session, 'data'))
  render(<DataPanel session={session} presetNames={presetNames} ways={ways} />, host)
}

function DataPanel({ session, presetNames, ways }: { session: Session; presetNames: readonly string[]; ways: Ways }): VNode {
  const preset = useComputed(() => session.state.signal.value.preset).value
  const dataset = useComputed(() => session.state.signal.value.dataset).value
  // A preset is chosen before its data are there: until then these facts are of the one before.
  const isOfArticle = useMemo(() => session.state.value.preset === 'article', [dataset])
  return (
    <>
      <Presets names={presetNames} chosen={preset} own={preset === null ? (dataset?.name ?? null) : null} choose={ways.choose} />
      <p class="preset-hint">{t('files.slow')}</p>
      <dl class="facts">{dataset && factsOf(dataset).map(([term, text]) => <Fact key={term} term={term} text={text} />)}</dl>
      <Notes dataset={dataset} title={t(isOfArticle ? 'files.fixes' : 'files.about')} />
      <FileChooser
        id="choose-files"
        class="button drop"
        what="files"
        label={t('files.own.input')}
        accept=".csv,.tsv,.json,.gz,.zip,.bin,.idx,.safetensors,.idx1-ubyte,.idx3-ubyte,*/*"
        take={ways.open}
      >
        <Icon name="upload" />
        <span>
          <b>{t('files.own')}</b> {t('files.own.how')}
        </span>
      </FileChooser>
      <FileChooser id="choose-folder" class="button quiet-link" what="folder" label={t('files.own.folderInput')} take={ways.open}>
        {t('files.own.folder')}
      </FileChooser>
    </>
  )
}

const Fact = ({ term, text }: { term: string; text: string }): VNode => (
  <>
    <dt>{term}</dt>
    <dd title={text}>{text}</dd>
  </>
)

/** What a reader should know of the data; closed again for others. */
function Notes({ dataset, title }: { dataset: Dataset | null; title: string }): VNode {
  const details = useRef<HTMLDetailsElement>(null)
  useLayoutEffect(() => {
    if (details.current) details.current.open = false
  }, [dataset])
  const notes = dataset?.notes ?? []
  return (
    <details ref={details} class="notes" hidden={notes.length === 0}>
      <summary>{title}</summary>
      <ul>
        {notes.map((note, i) => (
          <li key={i}>{noteText(note)}</li>
        ))}
      </ul>
    </details>
  )
}

const factsOf = (dataset: Dataset): [term: string, text: string][] => [
  [t('files.facts.samples'), t('files.facts.counts', { train: dataset.train.count, test: dataset.test?.count ?? 0 })],
  [t('files.facts.in'), inputText(dataset)],
  [t('files.facts.out'), outputText(dataset)],
]

function inputText({ inputShape, featureNames }: Dataset): string {
  const [count = 0, height = 0, width = 0] = inputShape
  if (inputShape.length === 3) return t('files.facts.pixels', { width, height })
  return featureNames && featureNames.length <= 3 ? featureNames.join(', ') : t('files.facts.numbers', { count })
}

const outputText = ({ classes, targetNames, outputs }: Dataset): string =>
  classes ? t('files.facts.classes', { count: classes.length }) : (targetNames?.join(', ') ?? t('files.facts.numbers', { count: outputs }))
