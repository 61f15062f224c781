/** Asks for the reader's own copy of CIFAR-10, and goes on with a preset once it is there. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { cifar10NameOf, readCifar10 } from '../../data/cifar10.ts'
import { cifar10From } from '../../data/files.ts'
import { labelledDataset } from '../../data/labelled-dataset.ts'
import type { DataFile } from '../../data/source.ts'
import type { Dataset } from '../../data/types.ts'
import type { Services } from '../run/services.ts'
import type { Session } from '../run/session.ts'
import { showDialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/elements.tsx'
import { t } from '../words/language.ts'
import { readChosen, type Chosen } from './chosen-files.ts'
import { FileChooser } from './file-chooser.tsx'
import { ImportDialog, useTraining, type Accept } from './import-dialog.tsx'
import { receiveFiles } from './open-files.ts'

const batchNames = [...[1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`), 'test_batch.bin']

export function askForCifar10(session: Session, services: Services, preset: string): void {
  const accept = (dataset: Dataset) => {
    services.own.cifar10 = dataset
    void session.choosePreset(preset)
    return Promise.resolve(null)
  }
  showDialog((close) => <Cifar10Import preset={preset} accept={accept} close={close} />)
}

/** What was given so far, and what is wrong with what was given last. */
interface Given {
  files: ReadonlyMap<string, DataFile>
  problem: unknown
}

function Cifar10Import({ preset, accept, close }: { preset: string; accept: Accept; close: () => void }): VNode {
  const given = useSignal<Given>({ files: new Map(), problem: null })
  const { files, problem } = given.value
  const make = async () => labelledDataset(readCifar10([...given.peek().files.values()]), { name: 'CIFAR-10', keepAxes: true, seed: 1 })
  const training = useTraining(given, make, accept, close)
  const take = async (chosen: Chosen[]) => {
    const { arrived, wrong } = await readBatches(chosen)
    const here = new Map(given.peek().files)
    for (const file of arrived) here.set(cifar10NameOf(file), file)
    given.value = { files: here, problem: wrong }
    if (wrong === null && batchNames.every((name) => here.has(name))) await training.start()
  }
  useLayoutEffect(() => receiveFiles(take), [])
  const there = batchNames.filter((name) => files.has(name)).length
  return (
    <ImportDialog
      title={preset}
      note={t('files.cifar10.there', { there, wanted: batchNames.length })}
      problem={problem}
      training={training}
      close={close}
    >
      <p class="quiet">{t('files.cifar10')}</p>
      <ul class="wanted-files">
        {batchNames.map((name) => (
          <li key={name} class={files.has(name) ? 'there' : ''}>
            <Icon name={files.has(name) ? 'check' : 'data'} />
            {name}
          </li>
        ))}
      </ul>
      <div class="choosers">
        <FileChooser class="button" what="files" label={t('files.cifar10.files')} take={(chosen) => void take(chosen)}>
          {t('files.cifar10.files')}
        </FileChooser>
        <FileChooser class="button" what="folder" label={t('files.cifar10.folder')} take={(chosen) => void take(chosen)}>
          {t('files.cifar10.folder')}
        </FileChooser>
      </div>
    </ImportDialog>
  )
}

/** Files that were chosen; none of them where one is wrong. */
async function readBatches(chosen: Chosen[]): Promise<{ arrived: DataFile[]; wrong: unknown }> {
  try {
    return { arrived: await cifar10From(await readChosen(chosen)), wrong: null }
  } catch (error) {
    return { arrived: [], wrong: error }
  }
}
