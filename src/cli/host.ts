import type { Peers } from '../../bench/peers/peer.ts'
import type { DecodeImage } from '../data/image-set.ts'
import type { Observation } from '../graph/observation.ts'
import type { Inspector } from '../inspect/inspector.ts'
import type { TuningStore } from '../kernels/tuner.ts'
import type { Engine } from '../train/engine.ts'
import type { Trainer } from '../train/types.ts'
import type { Drawing, Size } from '../view/charts/drawing.ts'

/** What the commands' tasks ask of the program around them, the same in a headless browser and in Node. */
export interface Host {
  runtime: 'browser' | 'dawn'
  /** The browser and its version, or what stands in its place. */
  browser: string
  /** WebGPU where there is no `navigator.gpu`. */
  gpu?: GPU
  /** The bytes of a file that the call names. */
  source(name: string): Promise<Uint8Array<ArrayBuffer>>
  /** Decodes an image; only where that can be done. */
  decode?: DecodeImage
  /** Writes an output file, at once: what comes after it may fail. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Tells what is happening; JSON only. */
  report(event: Report): void | Promise<void>
  /** What was found about kernels on this machine's adapters. */
  tuning?: TuningStore
  /** The 3D view of a network trained on `data` as a PNG; only where there is a canvas. */
  picture?(engine: Engine, trainer: Trainer, data: string, reached: Reached): Promise<Uint8Array<ArrayBuffer>>
  /** A chart as a PNG, drawn at twice its size in CSS pixels; only where there is a canvas. */
  chart?(size: Size, draw: (context: Drawing) => void): Promise<Uint8Array<ArrayBuffer>>
  /** The 3D view on a canvas of its own; only where there is one. */
  stage?(device: GPUDevice, width: number, height: number): Promise<Stage>
  /** How the page opens mnist in a browser that has kept nothing, and then again; only where one can be opened. */
  firstStep?(): Promise<{ first: Opening; again: Opening }>
  /** The other engines of the bench; only where the call asks for them. */
  peers?: Peers
}

/** Milliseconds from the load of the page to what a visitor sees. */
export interface Opening {
  /** Its first content. */
  paint: number
  /** The network in grey. */
  outline: number
  step: number
  /** The network coloured by a step: a sketch of it, or the 3D view. */
  colour: number
  /** The 3D view of a step. */
  picture: number
}

/** The 3D view, as the bench drives it. */
export interface Stage {
  show(observation: Observation, inspector: Inspector): void
  /** Draws what the buffers hold, at this share of the canvas's pixels along a side. */
  render(scale: number, choose: boolean): void
  dispose(): void
}

/** What a finished run has reached on all samples of each part; a loss that is not finite is null. */
export interface Reached {
  step: number
  epoch: number
  train: { loss: number | null; accuracy: number | null }
  test: { loss: number | null; accuracy: number | null } | null
}

export type Report =
  | { kind: 'preparing'; done: number; what: string }
  | { kind: 'progress'; step: number; steps: number; epoch: number; loss: number | null; accuracy: number | null; stepsPerSecond: number }
  | { kind: 'evaluation'; step: number; epoch: number; loss: number | null; accuracy: number | null }
  | ({ kind: 'reached' } & Reached)
  | { kind: 'note'; text: string }
  | { kind: 'case'; line: string; passed: boolean }
  | { kind: 'measuring'; done: number; what: string }

/** How a task ended, in a form that crosses the border of a page. */
export type Outcome<Result> = { result: Result } | { badInput: boolean; message: string; stack: string }
