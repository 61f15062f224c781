/** The files of `data/` beside the page; the digits lie there compressed. */
import { wrong } from '../../errors.ts'

const pathOf = (name: string): string => `data/${name.startsWith('mnist/') ? `${name}.gz` : name}`

async function bytesOf(name: string, priority: RequestPriority): Promise<Uint8Array> {
  const path = pathOf(name)
  const answer = await fetch(new URL(path, document.baseURI), { priority })
  if (!answer.ok) throw wrong('problem.notLoaded', { path, status: answer.status })
  return new Uint8Array(await answer.arrayBuffer())
}

/** What was asked for before anybody waited for it. */
const ahead = new Map<string, Promise<Uint8Array>>()

/** Fetches a file beside what is more urgent; `dataSource` hands it out once. */
export function fetchAhead(name: string): void {
  const bytes = bytesOf(name, 'low')
  bytes.catch(() => {}) // told where it is waited for
  ahead.set(name, bytes)
}

export function dataSource(name: string): Promise<Uint8Array> {
  const bytes = ahead.get(name) ?? bytesOf(name, 'auto')
  ahead.delete(name)
  return bytes
}
