import { describe, expect, test } from 'vitest'
import { suggested } from '../../src/app/run/describe.ts'
import { Edits } from '../../src/app/run/edits.ts'
import type { Choice } from '../../src/app/run/state.ts'
import type { Dataset } from '../../src/data/types.ts'

const dataset: Dataset = {
  name: 'points',
  inputShape: [2],
  outputs: 3,
  train: { count: 4, x: Float32Array.of(0, 0, 10, 0, 0, 20, 10, 20), y: Int32Array.of(0, 1, 2, 0) },
  scaling: { mean: Float32Array.of(5, 10), deviation: Float32Array.of(5, 10) },
}

describe('undo', () => {
  let time = 0
  const at = (seed: number, preset: string | null = null): Choice => {
    const description = suggested(dataset)
    return { preset, dataset, drawn: 1, description: { ...description, training: { ...description.training, seed } } }
  }
  const seedOf = (choice: Choice | null) => choice?.description.training.seed

  test('goes back edit by edit, typing in one field counts once, and redo returns', () => {
    const edits = new Edits(() => time)
    edits.push(at(1), 'seed')
    time = 500
    edits.push(at(12), 'seed')
    time = 5000
    edits.push(at(123), 'seed')
    expect(seedOf(edits.undo(at(4)))).toBe(123)
    expect(seedOf(edits.undo(at(123)))).toBe(1)
    expect(edits.undo(at(1))).toBeNull()
    expect(seedOf(edits.redo(at(1)))).toBe(123)
    expect(seedOf(edits.redo(at(123)))).toBe(4)
    expect(edits.canRedo).toBe(false)
  })

  test('goes back to other data, and never to what was refused', () => {
    const edits = new Edits(() => time)
    edits.push(at(1, 'xor'), 'preset iris')
    edits.push(at(2, 'iris'), 'units')
    edits.push(null, 'rate') // the units were refused
    expect(edits.undo(null)).toMatchObject({ preset: 'iris' })
    expect(edits.canRedo).toBe(false)
    expect(edits.undo(at(2, 'iris'))).toMatchObject({ preset: 'xor', dataset })
  })

  test('keeps what fits beside the data at hand, each array counted once, and forgets the farthest first', () => {
    const sized = (name: string, floats: number, shared?: Dataset): Dataset => ({
      ...dataset,
      name,
      train: { count: 1, x: shared?.train.x ?? new Float32Array(floats), y: new Int32Array(0) },
    })
    const { scaling: _, ...plain } = dataset
    const choice = (own: Dataset): Choice => ({ ...at(1), dataset: { ...plain, name: own.name, train: own.train } })
    const edits = new Edits(() => (time += 5000), 1000)
    const [first, second, third] = [sized('first', 100), sized('second', 100), sized('third', 100)]
    for (const own of [first, sized('first, renamed', 0, first), second]) edits.push(choice(own), own.name)
    edits.bound(third) // 800 bytes
    edits.push(choice(third), 'third')
    edits.bound(third) // the third's are at hand anyway
    expect(edits.undo(choice(third))?.dataset.name).toBe('third')
    edits.redo(choice(third))
    edits.bound(second) // now it is the second's that count for nothing
    expect(edits.undo(null)?.dataset.name).toBe('third')
    edits.push(choice(third), 'third again')
    edits.bound(sized('fourth', 1000)) // 1200 bytes: the first goes, with all that led there
    expect([edits.undo(null), edits.undo(null), edits.undo(null)].map((own) => own?.dataset.name)).toEqual(['third', 'second', undefined])
  })

  test('what does not come about leaves both stacks as they were, also where it was counted with the edit before', () => {
    const edits = new Edits(() => time)
    edits.push(at(1), 'seed')
    edits.undo(at(2))
    const goBack = edits.mark()
    edits.push(at(1), 'own data')
    expect(edits.canRedo).toBe(false)
    goBack()
    expect(edits.canUndo).toBe(false)
    expect(seedOf(edits.redo(at(1)))).toBe(2)
    edits.push(at(3), 'own data')
    const again = edits.mark()
    edits.push(at(4), 'own data') // within the second: no point of its own
    again()
    expect(seedOf(edits.undo(at(5)))).toBe(3)
  })
})
