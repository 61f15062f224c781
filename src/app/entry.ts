/** What the page begins with: small, so that its frame stands at once; the rest is fetched beside it. */
import { mnistFiles, mnistTrainImages } from '../data/mnist-files.ts'
import { fetchAhead } from './browser/data-source.ts'
import './shell/language.ts'
import './shell/frame.ts'
import { tellMissing } from './stage/missing.ts'
import { message } from '../words/say.ts'

tellMissing(message('page.loading'))
// Side by side, not one after the other as they ask for each other.
const others = [import('../train/engine.ts'), import('../view/view.ts')]
const main = import('./main.ts')
// Told where they are waited for.
for (const other of others) other.catch(() => {})
main.catch((error: unknown) => {
  console.error(error)
  tellMissing(message('page.notLoaded'))
})
// What the first digits take is as much as all scripts; the other presets' data are small.
const preset = new URLSearchParams(location.search).get('preset') ?? 'mnist'
if (preset.endsWith('mnist'))
  for (const name of [mnistFiles.trainLabels, mnistFiles.testLabels, mnistTrainImages(0)]) fetchAhead(`mnist/${name}`)
