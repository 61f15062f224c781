import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { goldenData, goldenTensors, namedTensors, parseGolden, worstErrors } from '../reference/golden.ts'
import { trainReference } from '../reference/train.ts'

const folder = new URL('../goldens/', import.meta.url)
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
const jsonOf = (name: string): string => readFileSync(new URL(`${name}.json`, folder), 'utf8')

// The goldens were computed in float64 and kept in float32, whose rounding is what remains.
const room = 0.01

describe('the reference repeats', () => {
  test('all 31 goldens', () => expect(names.length).toBe(31))

  test.each(names)(
    '%s',
    (name) => {
      const golden = parseGolden(jsonOf(name), readFileSync(new URL(`${name}.safetensors`, folder)), name)
      const run = trainReference(golden.model, goldenData(golden), golden.steps, goldenTensors(golden, 'init'))
      const errors = worstErrors(golden, namedTensors(run))
      expect(Object.keys(errors)).toEqual(['output', 'grad', 'loss', 'final', 'evaluation'])
      expect(Object.entries(errors).filter(([, error]) => !(error < room))).toEqual([])
    },
    60_000,
  )
})
