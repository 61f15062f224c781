/** The networks of the papers at the size of small images; each from `[channels, height, width]` to classes. */
export { densenet40 } from './densenet40.ts'
export { googlenet } from './googlenet.ts'
export { lenet5 } from './lenet5.ts'
export { resnet20 } from './resnet20.ts'
export { vgg } from './vgg.ts'
