/** What to measure, the way it goes, and the files that come of it. */
import { byId, download, h, replace, setText } from '../../src/app/ui/dom.ts'
import { icon } from '../../src/app/ui/icons.ts'
import { parseJson } from '../../src/json.ts'
import { message } from '../../src/words/say.ts'
import { checkResult, suites, type BenchResult, type Suite } from '../result.ts'
import { defaultRounds } from '../run.ts'

export interface Choice {
  only: Suite[]
  rounds: number
  peers: boolean
}

export interface ControlActions {
  run(choice: Choice, progress: (done: number, what: string) => void, signal: AbortSignal): Promise<BenchResult>
  compare(other: BenchResult | null): void
}

/** Milliseconds between two moves of the progress bar: on a software adapter drawing takes time from what is measured. */
const tellEvery = 500

const explained: Record<Suite, string> = {
  limits: 'what the adapter can do: arithmetic, bandwidth, dispatch, submit, readback, barrier',
  kernels: 'every kernel against those limits and against float64',
  training: 'whole training steps, beside plain JavaScript',
  view: 'what the 3D view costs, and costs training',
}

export function controls(actions: ControlActions): void {
  const chosen = new Map(
    suites.map((suite) => [suite, h('input', { type: 'checkbox', id: `suite-${suite}`, checked: true, name: suite })] as const),
  )
  const rounds = h('input', { type: 'number', id: 'rounds', min: 1, max: 1000, step: 1, value: defaultRounds })
  const start = h('button', { type: 'button', id: 'run', class: 'button primary', onclick: () => void toggle() }, icon('play'), 'Run')
  const bar = h('span', {})
  const what = h(
    'p',
    { class: 'quiet', id: 'what', role: 'status' },
    'Nothing is sent anywhere. Close other programs that use the GPU, and leave this page in front.',
  )
  const problem = h('p', { class: 'problem', id: 'problem', role: 'alert', hidden: true })
  const files = fileButtons(actions, problem)
  let abort: AbortController | null = null

  async function toggle(): Promise<void> {
    if (abort) return abort.abort()
    const only = suites.filter((suite) => chosen.get(suite)!.checked)
    const count = Number(rounds.value)
    if (only.length === 0) return tell('Choose at least one suite.')
    if (!Number.isInteger(count) || count < 1 || count > 1000) return tell('Rounds: a whole number from 1 to 1000.')
    tell('')
    abort = new AbortController()
    replace(start, icon('close'), 'Stop')
    try {
      const result = await actions.run({ only, rounds: count, peers: true }, progress, abort.signal)
      const rows = `${result.rows.length} row${result.rows.length === 1 ? '' : 's'}`
      const inRounds = `in ${result.rounds} round${result.rounds === 1 ? '' : 's'}`
      setText(
        what,
        abort.signal.aborted ? `Stopped; ${result.rows.length > 0 ? rows : 'nothing'} had been measured.` : `Measured ${rows} ${inRounds}.`,
      )
      if (result.rows.length > 0) files.offer(result)
    } catch (error) {
      console.warn(error)
      tell(error instanceof Error ? error.message : String(error))
    } finally {
      abort = null
      bar.style.transform = 'scaleX(0)'
      replace(start, icon('play'), 'Run')
    }
  }
  let told = 0
  function progress(done: number, text: string) {
    if (performance.now() - told < tellEvery) return
    told = performance.now()
    bar.style.transform = `scaleX(${done})`
    setText(what, `${Math.floor(100 * done)} % · ${text}`)
  }
  function tell(text: string) {
    problem.hidden = text === ''
    setText(problem, text)
  }

  replace(
    byId('controls'),
    h(
      'div',
      { class: 'suites' },
      ...suites.map((suite) =>
        h('label', {}, chosen.get(suite), h('span', {}, h('b', {}, suite), ' ', h('span', { class: 'quiet' }, explained[suite]))),
      ),
    ),
    h('div', { class: 'go' }, start, h('label', { class: 'rounds' }, 'rounds', rounds), ...files.buttons),
    h('div', { class: 'bar', 'aria-hidden': 'true' }, bar),
    what,
    files.compared,
    problem,
  )
}

function fileButtons({ compare }: ControlActions, problem: HTMLElement) {
  let result: BenchResult | null = null
  const text = () => `${JSON.stringify(result, null, 1)}\n`
  const copy = h('button', { type: 'button', id: 'copy', class: 'button', disabled: true, onclick: () => void copied() }, 'Copy JSON')
  const save = h(
    'button',
    { type: 'button', id: 'download', class: 'button', disabled: true, onclick: saved },
    icon('download'),
    'Download JSON',
  )
  const input = h('input', {
    type: 'file',
    id: 'compare-file',
    accept: '.json,application/json',
    hidden: true,
    onchange: () => void read(input.files?.[0]),
  })
  const pick = h(
    'button',
    { type: 'button', id: 'compare', class: 'button', onclick: () => input.click() },
    icon('upload'),
    'Compare with …',
  )
  const compared = h('p', { id: 'compared', class: 'quiet', hidden: true })

  async function copied() {
    try {
      await navigator.clipboard.writeText(text())
    } catch {
      problem.hidden = false
      setText(problem, 'The browser did not allow copying; Download JSON writes the same to a file.')
      return
    }
    setText(copy, 'Copied')
    setTimeout(() => setText(copy, 'Copy JSON'), 1500)
  }
  function saved() {
    if (!result) return
    const adapter = result.adapter.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
    download(`gradscope-bench-${adapter}-${result.date.slice(0, 10)}.json`, text(), 'application/json')
  }
  async function read(file: File | undefined) {
    if (!file) return
    input.value = ''
    problem.hidden = true
    try {
      const other = checkResult(parseJson(file.name, await file.text(), message('json.result')), file.name)
      compare(other)
      compared.hidden = false
      const forget = h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Compare no more', onclick: stop }, icon('close'))
      replace(
        compared,
        'Of another run: ',
        h('b', {}, other.adapter),
        `, ${other.browser}, ${other.date.slice(0, 10)}. Where both have measured, above 1× this one is faster. `,
        forget,
      )
    } catch (error) {
      problem.hidden = false
      setText(problem, error instanceof Error ? error.message : String(error))
    }
  }
  function stop() {
    compare(null)
    compared.hidden = true
  }
  addEventListener('dragover', (event) => event.preventDefault())
  addEventListener('drop', (event) => {
    event.preventDefault()
    void read(event.dataTransfer?.files[0])
  })
  return {
    buttons: [copy, save, pick, input],
    compared,
    offer(measured: BenchResult) {
      result = measured
      copy.disabled = save.disabled = false
    },
  }
}
