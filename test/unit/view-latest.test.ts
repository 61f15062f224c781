import { expect, test } from 'vitest'
import { Latest } from '../../src/view/latest.ts'

test('what was read last stands until it is forgotten, and what is read meanwhile counts no more', async () => {
  const latest = new Latest<string>()
  await latest.read(async () => 'one')
  expect(latest.last).toBe('one')
  const reading = latest.read(async () => 'two')
  latest.forget()
  expect(latest.last).toBeNull()
  await reading
  expect(latest.last).toBeNull()
  await latest.read(async () => 'three')
  expect(latest.last).toBe('three')
})
