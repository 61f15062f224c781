/** The presets as tiles of which one is chosen, and a tile for own data; arrow keys move among them. */
import type { ComponentChildren, VNode } from 'preact'
import { isImagePreset } from '../../data/image-presets.ts'
import { Icon } from '../ui/elements.tsx'
import { t } from '../words/language.ts'
import { PresetPicture } from './preset-pictures.tsx'

/** Those that have a sentence of their own. */
const told = [
  'article',
  'mnist',
  'xor',
  'circle',
  'gaussians',
  'spiral',
  'moons',
  'iris',
  'weather',
  'penguins',
  'depth-comparison',
] as const

/** The networks of the papers, and the data that each trains on. */
const networkTitles = { lenet5: 'LeNet-5', vgg: 'VGG', googlenet: 'GoogLeNet', resnet20: 'ResNet-20', densenet40: 'DenseNet-40' }
const imageDataTitles = { mnist: 'MNIST', cifar10: 'CIFAR-10' }

/** Tiles in a row. */
const columns = 5

interface PresetsProps {
  names: readonly string[]
  chosen: string | null
  /** The name of own data where they are at hand. */
  own: string | null
  choose: (preset: string) => void
}

export function Presets({ names, chosen, own, choose }: PresetsProps): VNode {
  const ordinary = names.filter((name) => !isImagePreset(name))
  const networks = Object.entries(networkTitles).map(([network, title]) => ({
    title,
    presets: Object.entries(imageDataTitles)
      .map(([data, text]) => ({ name: `${network}-${data}`, text, title: imagePresetTitle(title, data, text) }))
      .filter(({ name }) => names.includes(name)),
  }))
  const all = [...ordinary, ...networks.flatMap(({ presets }) => presets.map(({ name }) => name))]
  // Tab comes to the one that is chosen, or to the first.
  const reached = own === null ? (all.find((name) => name === chosen) ?? all[0]) : null
  const tile = (name: string, title: string | undefined, content: ComponentChildren) => (
    <button
      key={name}
      type="button"
      class="preset"
      role="radio"
      data-preset={name}
      aria-checked={own === null && name === chosen}
      tabIndex={name === reached ? 0 : -1}
      {...(title !== undefined && { title })}
      onClick={() => choose(name)}
    >
      {content}
    </button>
  )
  return (
    <div class="presets" role="radiogroup" aria-label={t('files.data')} onKeyDown={moveFocus}>
      {ordinary.map((name) =>
        tile(
          name,
          titleOf(name),
          <>
            <PresetPicture name={name} />
            {name === 'depth-comparison' ? t('files.tile.depth-comparison') : name}
          </>,
        ),
      )}
      {networks.map(({ title, presets }) => (
        <div key={title} class="preset-row">
          <span>{title}</span>
          {presets.map((preset) => tile(preset.name, preset.title, preset.text))}
        </div>
      ))}
      <button
        type="button"
        class="preset own"
        role="radio"
        hidden={own === null}
        aria-checked={own !== null}
        tabIndex={own === null ? -1 : 0}
        title={own ?? ''}
      >
        <Icon name="data" />
        <span>{own}</span>
      </button>
    </div>
  )
}

function titleOf(name: string): string | undefined {
  const known = told.find((own) => own === name)
  return known && t(`files.preset.${known}`)
}

const imagePresetTitle = (network: string, key: string, data: string): string =>
  t(key === 'cifar10' ? 'files.preset.ownCopy' : 'files.preset.network', { network, data })

function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key]
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]:not([hidden])')]
  const now = tiles.findIndex((tile) => tile === document.activeElement)
  if (!by || now < 0) return
  event.preventDefault()
  tiles[(now + by + tiles.length) % tiles.length]?.focus()
}
