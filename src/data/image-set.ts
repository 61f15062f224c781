/** Labelled images decoded, and brought to one size and to grey or colour. */
import { InputError } from '../errors.ts'
import type { ImageFolder, LabelledImage } from './image-folder.ts'
import type { Labelled, LabelledPart } from './labelled.ts'
import { resample, type RgbPicture } from './resample.ts'

/** Decodes PNG, JPEG or another kind to RGBA, four bytes a pixel, alpha not multiplied in; rejects where it cannot. */
export type DecodeImage = (bytes: Uint8Array) => Promise<{ width: number; height: number; rgba: Uint8Array | Uint8ClampedArray }>

export interface ImageSize {
  width: number
  height: number
}

interface DecodedImage {
  label: number
  picture: RgbPicture
}

export interface ImageSet {
  name: string
  classes: string[]
  train: DecodedImage[]
  test?: DecodedImage[]
  /** The size that most images have, no side beyond `longestSide`. */
  usualSize: ImageSize
  /** How many images are of another size than that. */
  otherSizes: number
  /** Whether every pixel of every image is grey. */
  grey: boolean
  notes: string[]
}

export interface ImageOptions {
  /** The one size for all; the usual one by default. */
  size?: ImageSize
  /** By default grey where all images are. */
  colours?: 'grey' | 'rgb'
}

/** Larger images are kept reduced to this, in pixels, unless more is asked for: ten thousand photographs would fill the memory otherwise. */
const longestSide = 128
/** Images that are decoded at a time. */
const together = 8

/**
 * Decodes all images.
 * @param wanted the size that will be asked for, when it is known: images are kept as large as it needs
 * @throws InputError naming the first image that does not decode
 */
export async function decodeImages(
  { name, classes, train, test, notes }: ImageFolder,
  decode: DecodeImage,
  { wanted, onProgress }: { wanted?: ImageSize; onProgress?: (done: number, total: number) => void } = {},
): Promise<ImageSet> {
  const total = train.length + (test?.length ?? 0)
  const sizes = new Map<string, { size: ImageSize; count: number }>()
  const longest = Math.max(longestSide, wanted?.width ?? 0, wanted?.height ?? 0)
  let done = 0
  let grey = true
  const one = async ({ file, label }: LabelledImage): Promise<DecodedImage> => {
    const decoded = await decode(file.bytes).catch((error: unknown) => {
      if (error instanceof InputError) throw new InputError(`${file.name}: ${error.message}`)
      throw new InputError(
        `${file.name}: found ${file.bytes.length} bytes that do not decode as an image, expected a whole PNG or JPEG file.`,
      )
    })
    const native = onWhite(decoded)
    grey &&= isGrey(native.rgb)
    const size = within(native, longest)
    const key = `${size.width}×${size.height}`
    const known = sizes.get(key)
    if (known) known.count++
    else sizes.set(key, { size, count: 1 })
    onProgress?.(++done, total)
    return { label, picture: resample(native, size.width, size.height) }
  }
  const all = async (images: LabelledImage[]) => {
    const decoded: DecodedImage[] = []
    for (let at = 0; at < images.length; at += together) decoded.push(...(await Promise.all(images.slice(at, at + together).map(one))))
    return decoded
  }
  const decodedTrain = await all(train)
  const decodedTest = test && (await all(test))
  const [usual] = [...sizes.values()].sort((a, b) => b.count - a.count)
  return {
    name,
    classes,
    train: decodedTrain,
    ...(decodedTest && { test: decodedTest }),
    usualSize: usual!.size,
    otherSizes: total - usual!.count,
    grey,
    notes,
  }
}

/** Images of one size as samples `[channels, height, width]` in bytes. */
export const labelledImages = (set: ImageSet, options?: ImageOptions): Labelled => labelled(set, options, valuesOf)

/** What `labelledImages` makes but for the values of the samples, so that no image is scaled. */
export const unscaledImages = (set: ImageSet, options?: ImageOptions): Labelled => labelled(set, options, () => new Uint8Array())

function labelled(
  set: ImageSet,
  { size = set.usualSize, colours = set.grey ? 'grey' : 'rgb' }: ImageOptions = {},
  values: typeof valuesOf,
): Labelled {
  const { width, height } = size
  const channels = colours === 'grey' ? 1 : 3
  const part = (images: DecodedImage[]): LabelledPart => ({
    samples: { name: set.name, type: 'u8', shape: [images.length, channels, height, width], values: values(images, size, channels) },
    labels: { name: set.name, type: 'i32', shape: [images.length], values: Int32Array.from(images, ({ label }) => label) },
  })
  const resized = [...set.train, ...(set.test ?? [])].filter(({ picture }) => picture.width !== width || picture.height !== height).length
  const notes = [...set.notes]
  if (resized > 0)
    notes.push(
      `${resized} ${resized === 1 ? 'image is' : 'images are'} scaled to ${width} × ${height} pixels, what juts out of that shape cut off evenly.`,
    )
  if (colours === 'grey' && !set.grey) notes.push('Colours become grey by their luminance.')
  return { whole: part(set.train), ...(set.test && { test: part(set.test) }), axes: [channels, height, width], classes: set.classes, notes }
}

function valuesOf(images: DecodedImage[], { width, height }: ImageSize, channels: number): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(images.length * channels * width * height)
  images.forEach(({ picture }, i) => {
    const { rgb } = resample(picture, width, height)
    const own = values.subarray(i * channels * width * height)
    for (let pixel = 0; pixel < width * height; pixel++)
      if (channels === 1) own[pixel] = luminance(rgb, 3 * pixel)
      else for (let colour = 0; colour < 3; colour++) own[colour * width * height + pixel] = rgb[3 * pixel + colour]!
  })
  return values
}

/** Luminance by ITU-R BT.601; a grey pixel's own value. */
const luminance = (rgb: Uint8Array, at: number) => Math.round(0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!)

/** Transparent pixels laid on white. */
function onWhite({ width, height, rgba }: Awaited<ReturnType<DecodeImage>>): RgbPicture {
  const rgb = new Uint8Array(3 * width * height)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = rgba[4 * pixel + 3]! / 255
    for (let colour = 0; colour < 3; colour++) rgb[3 * pixel + colour] = Math.round(rgba[4 * pixel + colour]! * alpha + 255 * (1 - alpha))
  }
  return { width, height, rgb }
}

function isGrey(rgb: Uint8Array): boolean {
  for (let at = 0; at < rgb.length; at += 3) if (rgb[at] !== rgb[at + 1] || rgb[at] !== rgb[at + 2]) return false
  return true
}

/** The size reduced until no side is longer than `longest`. */
function within({ width, height }: ImageSize, longest: number): ImageSize {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
