/** Sentences are made in one place: each is used, each is there in both languages, and no code reads one that was made. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../../tools/vite.mjs'
import { en } from '../../src/words/en/index.ts'
import { zh } from '../../src/words/zh/index.ts'

interface Source {
  path: string
  text: string
}

const sources: Source[] = ['src', 'tools', 'bench', 'index.html'].flatMap((folder) =>
  (folder.endsWith('.html')
    ? [folder]
    : readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`)
  )
    .filter((path) => /\.(?:tsx?|mjs|html)$/.test(path) && !path.startsWith('src/words/') && !path.includes('node_modules'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
)

/** Quoted codes, and those that a template with names in it can give: `training.loss.${name}`. */
function unused(codes: readonly string[], files: readonly Source[]): string[] {
  const text = files.map((file) => file.text).join('\n')
  const quoted = new Set([...text.matchAll(/(['"`])([\w-]+(?:\.[\w-]+)+)\1/g)].map(([, , code]) => code))
  const templates = [...text.matchAll(/`([\w-]+\.(?:[\w.-]|\$\{[^{}`]*\})*\$\{[^`]*)`/g)].map(
    ([, template = '']) =>
      new RegExp(
        `^${template
          .split(/\$\{[^{}]*\}/)
          .map((part) => part.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&'))
          .join('[\\w.-]+')}$`,
      ),
  )
  return codes.filter((code) => !quoted.has(code) && !templates.some((template) => template.test(code)))
}

/** Whatever a sentence asks of its values, this has it: a number, a text, a list. */
function sampleOf(number: number): unknown {
  const list = ['x', 'y']
  const sample: unknown = new Proxy(() => sample, {
    get(_, key) {
      if (key === Symbol.toPrimitive) return (hint: string) => (hint === 'string' ? 'x' : number)
      if (key === Symbol.iterator) return list[Symbol.iterator].bind(list)
      const own = typeof key === 'string' ? Reflect.get(list, key) : undefined
      if (own !== undefined) return typeof own === 'function' ? own.bind(list) : own
      return sample
    },
  })
  return new Proxy({}, { get: () => sample })
}
const samples = [0, 1, 2].map(sampleOf)

/** Codes that another language has not, or has in another form, and those whose sentence is none. */
function untold(english: object, other: object): string[] {
  const [from, to] = [english, other].map((words) => new Map(Object.entries(words)))
  const codes = new Set([...from!.keys(), ...to!.keys()])
  const isTold = (word: unknown): boolean =>
    typeof word === 'function'
      ? samples.every((sample) => {
          return String(word(sample)).trim() !== ''
        })
      : typeof word === 'string' && word.trim() !== ''
  return [...codes].filter((code) => typeof from!.get(code) !== typeof to!.get(code) || !isTold(from!.get(code)) || !isTold(to!.get(code)))
}

/** Errors made of a sentence instead of a code. */
const sentencesInErrors = (files: readonly Source[]): string[] =>
  files.flatMap((file) => (/new InputError\(\s*['"`]/.test(file.text) ? [file.path] : []))

const takes = ['match', 'matchAll', 'replace', 'replaceAll', 'search', 'split'].join('|')
const onMessage = [
  new RegExp(String.raw`\.message\b[^\n;]*\.(?:${takes})\(\s*/`),
  /\/[dgimsuvy]*\.(?:test|exec)\([^\n]*\.message\b/,
  new RegExp(String.raw`\.(?:${takes})\(\s*/[^\n]*\.message\b`),
]
/** Regular expressions that read what an error says. */
const readers = (files: readonly Source[]): string[] =>
  files.flatMap((file) => (onMessage.some((pattern) => pattern.test(file.text)) ? [file.path] : []))

const ofSrc = sources.filter(({ path }) => path.startsWith('src/'))
const planted = (text: string): Source[] => [{ path: 'planted.ts', text }]

describe('sentences', () => {
  test('are each used somewhere', () => {
    expect(unused(Object.keys(en), sources)).toEqual([])
    const files = planted("t('a.used'); t(`b.${kind}.title`, {}) // c.mentioned in passing")
    expect(unused(['a.used', 'b.x.title', 'b.x.other', 'c.mentioned'], files)).toEqual(['b.x.other', 'c.mentioned'])
  })

  test('are there in Chinese too, and say something', () => {
    expect(untold(en, zh)).toEqual([])
    const words = { a: 'text', b: ({ of }: { of: string }) => `of ${of}`, c: 'text', d: 'text' }
    expect(untold(words, { a: '文', b: () => ' ', c: () => '文', e: '文' })).toEqual(['b', 'c', 'd', 'e'])
  })

  test('are no arguments of an error', () => {
    expect(sentencesInErrors(sources)).toEqual([])
    for (const text of ["new InputError('no')", 'new InputError(\n  `no ${more}`,\n)'])
      expect(sentencesInErrors(planted(text))).toHaveLength(1)
  })

  test('are read by no regular expression once they are made', () => {
    expect(readers(ofSrc)).toEqual([])
    for (const text of ['/^model/.test(error.message)', "error.message.trim().replace(/a/, '')", 'text.match(/a/) ?? error.message'])
      expect(readers(planted(text))).toHaveLength(1)
    expect(readers(planted("error.message.startsWith('a')"))).toEqual([])
  })
})
