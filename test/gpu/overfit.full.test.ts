import { imagePresetNames } from '../../src/data/image-presets.ts'
import { learnByHeart } from './overfit.ts'

learnByHeart(imagePresetNames.filter((name) => name !== 'lenet5-mnist'))
