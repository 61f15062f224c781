import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { caseLine, verifyCase } from '../../src/cli/run-verify.ts'
import { overrideShader, shaderSource } from '../../src/gpu/shader.ts'
import { createEngine, type Engine } from '../../src/index.ts'

const descriptions = import.meta.glob<string>('../goldens/*.json', { query: '?raw', import: 'default' })
const numbers = import.meta.glob<string>('../goldens/*.safetensors', { query: '?inline', import: 'default' })

/** A small fault in a shader, and a recorded run that must not survive it. */
export type Fault = [shader: string, from: string, to: string, golden: string]

/** A test for each of these faults. */
export function failWith(faults: Fault[]): void {
  // One for all: pipelines are kept by their text, so that only those with a fault are made anew.
  let engine: Engine
  beforeAll(async () => {
    engine = await createEngine()
  })
  afterAll(() => engine.destroy())

  const faulty = new Set<string>()
  afterEach(() => {
    for (const shader of faulty) overrideShader(shader, undefined)
  })

  test.each(faults)('%s with %j become %j fails', async (shader, from, to, golden) => {
    const text = shaderSource(shader)
    expect(text).toContain(from)
    faulty.add(shader)
    overrideShader(shader, text.replaceAll(from, to))
    const result = await verify(engine, golden)
    expect(result.passed, caseLine(result)).toBe(false)
    expect(result, caseLine(result)).toHaveProperty('errors') // it ran, and its numbers are wrong
  })
}

async function verify(engine: Engine, name: string) {
  const json = await descriptions[`../goldens/${name}.json`]!()
  const url = await numbers[`../goldens/${name}.safetensors`]!()
  const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (letter) => letter.charCodeAt(0))
  return verifyCase(engine, name, json, bytes)
}
