import { packParams, type Kernel } from '../gpu/kernel.ts'
import type { Defines } from '../gpu/preprocess.ts'
import { orderBits } from './permutation.ts'

export interface SampleGather {
  batch: number
  features: number
  source: 'u8' | 'f32'
  /** Samples in the whole part, and which of them lie in this shard. */
  samples: number
  shardFirst: number
  shardCount: number
  /** 0: no standardisation; 1: one mean and deviation; else one per feature. */
  scalingWidth: number
  /** Words of a sample's target that are gathered with it; 0: none are. */
  targets: number
  /** Random motion of every training image. */
  augmentation?: ImageAugmentation | undefined
}

/** Images as they lie in memory, and how they are moved at random: by up to `shift` pixels each way, mirrored in half of all cases. */
export interface ImageAugmentation {
  channels: number
  height: number
  width: number
  channelsLast: boolean
  shift: number
  flip: boolean
}

// Finding a row's sample costs forty Philox rounds: a thread decodes a strip of it.
const strip = 128
const workgroup = 8

/** The step's batch out of one shard, [batch, features]. Binds the shard, scaling where there is one, x; where there are targets, those of all shards and y, [batch, targets] words. */
export function gatherSamples(gather: SampleGather): Kernel {
  const { batch, features, source, samples, shardFirst, shardCount, scalingWidth, targets, augmentation } = gather
  const scaled = scalingWidth > 0
  const vector = features % 4 === 0 && !augmentation
  const each = vector ? 4 : 1
  const sourceType = source === 'u8' ? 'u32' : vector ? 'vec4f' : 'f32'
  return {
    label: `gather ${batch}×${features} ${source}`,
    shader: 'gather',
    defines: {
      BYTES: source === 'u8',
      SOURCE: sourceType,
      VECTOR: vector,
      ELEMENT: vector ? 'vec4f' : 'f32',
      SCALED: scaled,
      ONE_SCALE: scalingWidth === 1,
      TARGETS: targets > 0,
      STRIP: `${strip / each}u`,
      WORKGROUP: workgroup,
      AUGMENT: augmentation !== undefined,
      ...(augmentation && augmentationDefines(augmentation)),
    },
    params: packParams(batch, features / each, shardFirst, shardCount, orderBits(samples), scalingWidth, targets),
    access: ['read', ...(scaled ? (['read'] as const) : []), 'write', ...(targets > 0 ? (['read', 'write'] as const) : [])],
    usesStep: true,
    workgroups: [Math.ceil(features / strip / workgroup), batch, 1],
  }
}

const augmentationDefines = ({ channels, height, width, channelsLast, shift, flip }: ImageAugmentation): Defines => ({
  IMAGE_CHANNELS: `${channels}u`,
  IMAGE_HEIGHT: `${height}u`,
  IMAGE_WIDTH: `${width}u`,
  CHANNELS_LAST: channelsLast,
  AUGMENT_SHIFT: `${shift}u`,
  AUGMENT_FLIP: String(flip),
})
