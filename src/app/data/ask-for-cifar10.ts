/** Asks for the reader's own copy of CIFAR-10, and goes on with a preset once it is there. */
import { cifar10NameOf, readCifar10 } from '../../data/cifar10.ts'
import { cifar10From } from '../../data/files.ts'
import { labelledDataset } from '../../data/labelled-dataset.ts'
import type { DataFile } from '../../data/source.ts'
import { chosenFrom, readChosen, type Chosen } from './chosen-files.ts'
import { h, replace, setText } from '../ui/dom.ts'
import { icon } from '../ui/icons.ts'
import { importDialog } from './import-dialog.ts'
import { receiveFiles } from './open-files.ts'
import type { Services } from '../run/services.ts'
import type { Session } from '../run/session.ts'

const batchNames = [...[1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`), 'test_batch.bin']

export function askForCifar10(session: Session, services: Services, preset: string): void {
  const files = new Map<string, DataFile>()
  const list = h('ul', { class: 'wanted-files' })
  const chooser = (label: string, attributes: Record<string, string | boolean>) => {
    const input = h('input', {
      type: 'file',
      hidden: true,
      'aria-label': label,
      ...attributes,
      onchange: () => {
        void take(chosenFrom(input.files))
        input.value = ''
      },
    })
    return [h('button', { type: 'button', class: 'button', onclick: () => input.click() }, label), input]
  }
  const { note, preview, start, dialog } = importDialog(
    preset,
    [
      h(
        'p',
        { class: 'quiet' },
        'This preset trains on your own copy of CIFAR-10 in its binary version (cifar-10-binary.tar.gz, unpacked). Drop its six files or their folder here, or choose them; they are read by this page alone.',
      ),
      list,
      h(
        'div',
        { class: 'choosers' },
        ...chooser('Choose files', { multiple: true }),
        ...chooser('Choose their folder', { webkitdirectory: true }),
      ),
    ],
    () => Promise.resolve(labelledDataset(readCifar10([...files.values()]), { name: 'CIFAR-10', keepAxes: true, seed: 1 })),
    async (dataset) => {
      services.own.cifar10 = dataset
      void session.choosePreset(preset)
      return null
    },
  )
  const release = receiveFiles(take)
  dialog.addEventListener('close', release)
  show()

  async function take(chosen: Chosen[]): Promise<void> {
    let problem: unknown
    try {
      for (const file of await cifar10From(await readChosen(chosen))) files.set(cifar10NameOf(file), file)
    } catch (error) {
      problem = error
    }
    show()
    preview(() => {
      if (problem !== undefined) throw problem
    })
    if (problem === undefined && batchNames.every((name) => files.has(name))) await start()
  }
  function show() {
    const there = batchNames.filter((name) => files.has(name)).length
    setText(note, `${there} of ${batchNames.length} files ${there === 1 ? 'is' : 'are'} here. Training starts as soon as all six are.`)
    replace(
      list,
      ...batchNames.map((name) => h('li', { class: files.has(name) ? 'there' : '' }, icon(files.has(name) ? 'check' : 'data'), name)),
    )
  }
}
