/** 1 Data: the presets, what is loaded, and the way in for own files. */
import { isImagePreset } from '../../data/image-presets.ts'
import type { Dataset } from '../../data/types.ts'
import { chosenFrom, type Chosen } from './chosen-files.ts'
import { byId, h, replace, setText, type Child } from '../ui/dom.ts'
import { integer } from '../words/format.ts'
import { icon } from '../ui/icons.ts'
import { presetPicture } from './preset-pictures.ts'
import { problemOf } from '../ui/problem.ts'
import type { Session } from '../run/session.ts'
import type { State } from '../run/state.ts'
import { said } from '../words/language.ts'

const titles: Record<string, string> = {
  article: '10 numbers in, one out: the 10-5-1 network of the article',
  mnist: '70,000 handwritten digits of 28 × 28 pixels',
  xor: 'Two classes in opposite quadrants',
  circle: 'A disc inside a ring',
  gaussians: 'Two clouds of points',
  spiral: 'Two arms wound into each other',
  moons: 'Two interlocked half circles',
  iris: 'Three kinds of iris, by petal and sepal',
  weather: 'Seattle weather, day by day',
  penguins: 'Three kinds of penguin, by bill, flipper and mass',
  'depth-comparison': 'One deep network plain, with ReLU, with batch normalisation and with residual connections, side by side',
}

/** What a tile says, where a preset's own name is too long for it. */
const tileTexts: Record<string, string> = { 'depth-comparison': 'compare' }

/** The networks of the papers, and the data that each trains on. */
const networkTitles = { lenet5: 'LeNet-5', vgg: 'VGG', googlenet: 'GoogLeNet', resnet20: 'ResNet-20', densenet40: 'DenseNet-40' }
const imageDataTitles = { mnist: 'MNIST', cifar10: 'CIFAR-10' }

function titleOf(name: string): string | undefined {
  if (!isImagePreset(name)) return titles[name]
  const [network, data] = name.split('-') as [keyof typeof networkTitles, keyof typeof imageDataTitles]
  return `${networkTitles[network]} on ${imageDataTitles[data]}${data === 'cifar10' ? ', from your own copy' : ''}`
}

interface Ways {
  choose: (preset: string) => void
  open: (chosen: Chosen[]) => void
}

export function dataRail(session: Session, presetNames: readonly string[], ways: Ways): void {
  const tile = (name: string, ...content: Child[]) =>
    h(
      'button',
      { type: 'button', class: 'preset', role: 'radio', 'data-preset': name, title: titleOf(name), onclick: () => ways.choose(name) },
      ...content,
    )
  const ordinary = presetNames
    .filter((name) => !isImagePreset(name))
    .map((name) => tile(name, presetPicture(name), tileTexts[name] ?? name))
  const networks = Object.entries(networkTitles).map(([network, title]) => ({
    title,
    tiles: Object.entries(imageDataTitles)
      .filter(([data]) => presetNames.includes(`${network}-${data}`))
      .map(([data, text]) => tile(`${network}-${data}`, text)),
  }))
  const tiles = [...ordinary, ...networks.flatMap((row) => row.tiles)]
  const ownName = h('span')
  const own = h('button', { type: 'button', class: 'preset own', role: 'radio', hidden: true }, icon('data'), ownName)
  const group = h(
    'div',
    { class: 'presets', role: 'radiogroup', 'aria-label': 'Data', onkeydown: move },
    ...ordinary,
    ...networks.map((row) => h('div', { class: 'preset-row' }, h('span', {}, row.title), ...row.tiles)),
    own,
  )
  function move(event: KeyboardEvent) {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 5, ArrowUp: -5 }[event.key]
    const all = own.hidden ? tiles : [...tiles, own]
    const now = all.indexOf(document.activeElement as HTMLButtonElement)
    if (!by || now < 0) return
    event.preventDefault()
    all[(now + by + all.length) % all.length]?.focus()
  }

  const facts = h('dl', { class: 'facts' })
  const [about, noteList] = [h('summary'), h('ul')]
  const notes = h('details', { class: 'notes', hidden: true }, about, noteList)
  const files = h('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    'aria-label': 'Files of your own data or a model',
    accept: '.csv,.tsv,.json,.gz,.zip,.bin,.idx,.safetensors,.idx1-ubyte,.idx3-ubyte,*/*',
    onchange: () => {
      ways.open(chosenFrom(files.files))
      files.value = ''
    },
  })
  const folder = h('input', {
    type: 'file',
    webkitdirectory: true,
    hidden: true,
    'aria-label': 'A folder of images',
    onchange: () => {
      ways.open(chosenFrom(folder.files))
      folder.value = ''
    },
  })
  const drop = h(
    'button',
    { type: 'button', class: 'button drop', id: 'choose-files', onclick: () => files.click() },
    icon('upload'),
    h('span', {}, h('b', {}, 'Your own data'), ': drop CSV, JSON, IDX, CIFAR-10 or a ZIP or folder of images here, or a model'),
  )
  const chooseFolder = h(
    'button',
    { type: 'button', class: 'button quiet-link', id: 'choose-folder', onclick: () => folder.click() },
    'or choose a folder of images, one folder a class',
  )
  const slow = h(
    'p',
    { class: 'preset-hint' },
    'This browser has no GPU to train on: the networks of the papers take about a minute to their first step.',
  )
  byId('data').append(group, slow, facts, notes, drop, files, chooseFolder, folder, problemOf(session, 'data'))

  /** Which tile stands for the data at hand: a preset's, or the one that bears the name of own data. */
  const showChoice = ({ preset, dataset }: Pick<State, 'preset' | 'dataset'>) => {
    own.hidden = preset !== null || !dataset
    setText(ownName, own.hidden ? '' : (dataset?.name ?? ''))
    own.title = ownName.textContent
    const all = [...tiles, own]
    const chosen = own.hidden ? tiles.findIndex((tile) => tile.dataset['preset'] === preset) : tiles.length
    all.forEach((tile, i) => {
      tile.setAttribute('aria-checked', String(i === chosen))
      tile.setAttribute('tabindex', i === Math.max(chosen, 0) ? '0' : '-1')
    })
  }
  session.state.watch(
    (state) => state.preset,
    (_, state) => showChoice(state),
  )
  session.state.watch(
    (state) => state.dataset,
    (dataset, { preset }) => {
      if (!dataset) return
      showChoice({ preset, dataset })
      replace(facts, ...factsOf(dataset).flatMap(([term, text]) => [h('dt', {}, term), h('dd', { title: text }, text)]))
      notes.hidden = !dataset.notes?.length
      setText(about, preset === 'article' ? 'Fixes made to the article’s code' : 'About this data')
      replace(noteList, ...(dataset.notes ?? []).map((note) => h('li', {}, () => said(note))))
      notes.open = false
    },
  )
}

function factsOf(dataset: Dataset): [string, string][] {
  const { inputShape, outputs, classes, featureNames, targetNames, train, test } = dataset
  const input = inputShape.length === 3 ? `${inputShape[2]} × ${inputShape[1]} pixels` : featureText(inputShape[0] ?? 0, featureNames)
  const target = classes ? `${classes.length} classes` : (targetNames?.join(', ') ?? (outputs === 1 ? '1 number' : `${outputs} numbers`))
  return [
    ['Samples', `${integer(train.count)} train · ${integer(test?.count ?? 0)} test`],
    ['In', input],
    ['Out', target],
  ]
}

const featureText = (count: number, names: string[] | undefined): string =>
  names && names.length <= 3 ? names.join(', ') : `${integer(count)} numbers`
