import { colourOf, neuronColourOf, neuronGradientColourOf, zeroColour, type Rgb } from './colour.ts'
import { thinnest, widest } from './edges.ts'
import type { Eye } from './eye.ts'
import type { TilePlace } from './arrangement.ts'
import type { ColourReading } from './readout.ts'
import { airinessOf, type DrawnNetwork } from './drawn-network.ts'
import { bodiesOf, endsOf, strengthIn, widthOf, type Spot } from './sketch-bodies.ts'
import type { ViewSettings } from './types.ts'

/** Grey edges between two columns, spread over all of them. */
const edgesPerBlock = 90
const resting = neuronColourOf(0, 1)

const css = (colour: Rgb, opacity = 1) => `rgb(${colour.join(' ')} / ${opacity})`

/** Draws the network as the picture has it: without a reading in grey, since nothing was computed yet. */
export function drawNetwork(
  context: CanvasRenderingContext2D,
  shown: DrawnNetwork,
  eye: Eye,
  height: number,
  settings: ViewSettings,
  reading: ColourReading | null,
) {
  if (reading) drawReadEdges(context, shown, eye, settings, reading)
  else drawGreyEdges(context, shown, eye)
  drawStrands(context, shown, eye, settings, reading)
  drawNodes(context, shown, eye, height, colourer(shown, settings, reading))
}

function drawGreyEdges(context: CanvasRenderingContext2D, shown: DrawnNetwork, eye: Eye) {
  context.strokeStyle = css(zeroColour, 0.22)
  context.lineWidth = 0.8
  context.beginPath()
  shown.observation.blocks.forEach(({ gradient }, block) => {
    const [rows = 0, columns = 0] = gradient.shape
    const count = Math.min(rows * columns, edgesPerBlock)
    for (let i = 0; i < count; i++) {
      // Multiples of the golden ratio lie evenly, and in no pattern with the rows.
      const edge = count === rows * columns ? i : Math.floor(((i * 0.618034) % 1) * rows * columns)
      const [start, end] = endsOf(shown, eye, block, edge)
      context.moveTo(start.x, start.y)
      context.lineTo(end.x, end.y)
    }
  })
  context.stroke()
}

function drawReadEdges(
  context: CanvasRenderingContext2D,
  shown: DrawnNetwork,
  eye: Eye,
  { scale, map }: ViewSettings,
  reading: ColourReading,
) {
  const airiness = airinessOf(shown.buffers.capacity)
  reading.blocks.forEach((read, block) => {
    const range = scale === 'global' ? reading.allBlocks : read
    read.edges.forEach((edge, i) => {
      const gradient = read.gradients[i]!
      const strong = strengthIn(range, gradient)
      const [start, end] = endsOf(shown, eye, block, edge)
      context.strokeStyle = css(colourOf(gradient, range.lo, range.hi, map), airiness + (1 - airiness) * strong)
      context.lineWidth = widthOf(strong, airiness)
      context.beginPath()
      context.moveTo(start.x, start.y)
      context.lineTo(end.x, end.y)
      context.stroke()
    })
  })
}

function drawStrands(
  context: CanvasRenderingContext2D,
  shown: DrawnNetwork,
  eye: Eye,
  { map }: ViewSettings,
  reading: ColourReading | null,
) {
  for (const strand of shown.composition.arrangement.strands) {
    const path = shown.pathOf(strand)
    const norm = reading && path >= 0 ? reading.paths[path]! : null
    const strong = norm === null ? 0.3 : strengthIn(reading!.allPaths, norm)
    context.strokeStyle = norm === null ? css(zeroColour, 0.6) : css(colourOf(norm, reading!.allPaths.lo, reading!.allPaths.hi, map), 0.96)
    context.lineWidth = thinnest + (widest - thinnest) * strong
    context.beginPath()
    for (const point of shown.curveOf(strand).getPoints(24)) {
      const { x, y } = eye.project(point)
      context.lineTo(x, y)
    }
    context.stroke()
  }
}

/** The colour of a value of a column, by its place in the reading. */
type Colourer = (column: number, place: number) => Rgb

function colourer({ neurons }: DrawnNetwork, { scale, neurons: kind }: ViewSettings, reading: ColourReading | null): Colourer {
  if (!reading) return () => resting
  const ranges = kind === 'gradient' ? reading.gradients : reading.activations
  const first = kind === 'gradient' ? neurons.count : 0
  return (column, place) => {
    const { lo, hi } = (scale === 'global' ? ranges.at(-1) : ranges[column])!
    const value = reading.values[first + place]!
    if (kind === 'activation') return neuronColourOf(value, hi)
    // The input has no gradient.
    return column === 0 ? resting : neuronGradientColourOf(value, lo, hi)
  }
}

function drawNodes(context: CanvasRenderingContext2D, shown: DrawnNetwork, eye: Eye, height: number, colour: Colourer) {
  context.strokeStyle = 'rgb(82 97 128 / 0.5)'
  context.lineWidth = 1
  for (const body of bodiesOf(shown, eye, height)) {
    if (body.kind === 'map') drawTile(context, imageOf(shown, body.tile, colour), body.corners)
    else {
      context.fillStyle = css(colour(body.column, shown.neurons.firsts[body.column]! + body.index))
      context.beginPath()
      context.arc(body.x, body.y, body.radius, 0, 2 * Math.PI)
      context.fill()
      if (body.radius > 3) context.stroke()
    }
  }
}

/** A feature map, a pixel a value. */
function imageOf({ observation, neurons }: DrawnNetwork, { column, channel }: TilePlace, colour: Colourer): OffscreenCanvas {
  const [channels = 1, height = 1, width = 1] = observation.columns[column]!.shape
  const image = new ImageData(width, height)
  for (let pixel = 0; pixel < width * height; pixel++)
    image.data.set([...colour(column, neurons.firsts[column]! + pixel * channels + channel), 255], 4 * pixel)
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')!.putImageData(image, 0, 0)
  return canvas
}

function drawTile(context: CanvasRenderingContext2D, image: OffscreenCanvas, corners: readonly Spot[]) {
  const [origin, across, , down] = corners as [Spot, Spot, Spot, Spot]
  context.save()
  // A tile is small beside its distance: a parallelogram.
  context.transform(
    (across.x - origin.x) / image.width,
    (across.y - origin.y) / image.width,
    (down.x - origin.x) / image.height,
    (down.y - origin.y) / image.height,
    origin.x,
    origin.y,
  )
  context.imageSmoothingEnabled = false
  context.drawImage(image, 0, 0)
  context.restore()
  context.beginPath()
  for (const { x, y } of corners) context.lineTo(x, y)
  context.closePath()
  context.stroke()
}
