/** What the commands that answer by measurement have in common: the run that they read, and what they write. */
import { createEngine, type Engine } from '../train/engine.ts'
import { pictureStyle, textSize, write, type Drawing, type Size } from '../view/charts/drawing.ts'
import { en } from '../words/en/index.ts'
import { say } from '../words/say.ts'
import { guarded } from './guarded.ts'
import type { Host } from './host.ts'
import { prepare, type Run, type TrainJob } from './run-train.ts'

/** Reads the run that a job names and measures on an engine of its own. Throws an InputError on bad input before anything trains. */
export async function onEngine<Result>(job: TrainJob, host: Host, measure: (run: Run, engine: Engine) => Promise<Result>): Promise<Result> {
  const run = await prepare(job, host)
  for (const note of run.notes) await host.report({ kind: 'note', text: say(en, note) })
  const engine = await createEngine({ ...(host.gpu && { gpu: host.gpu }), ...(host.tuning && { tuning: host.tuning }) })
  try {
    return await guarded(engine, () => measure(run, engine))
  } finally {
    engine.destroy()
  }
}

/** Milliseconds between two reports of progress: telling must not slow what it tells of. */
const interval = 100

export function progressTo(host: Host, what: string): (done: number) => void {
  let last = -Infinity
  return (done) => {
    const now = performance.now()
    if (done < 1 && now - last < interval) return
    last = now
    void host.report({ kind: 'measuring', done, what })
  }
}

/** The same measurement writes the same bytes. */
export const writeJson = (host: Host, name: string, value: unknown) =>
  host.write(name, new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`))

const [titleSize, lineHeight, margin] = [15, 17, 24]

interface ChartPicture {
  name: string
  title: string
  /** Below the title. */
  lines: readonly string[]
  size: Size
  draw(context: Drawing, size: Size): void
}

/** A chart with its title and what it says, as a PNG. What goes wrong with it is told, and fails nothing. */
export async function writeChart(host: Host, { name, title, lines, size, draw }: ChartPicture): Promise<void> {
  if (!host.chart)
    return void (await host.report({ kind: 'note', text: `${name} is not written: it needs a browser (--runtime browser).` }))
  const png = await host.chart(size, (context) => {
    const style = pictureStyle
    context.fillStyle = style.ground
    context.fillRect(0, 0, size.width, size.height)
    write(context, style, title, margin, margin + 10, { size: titleSize, weight: 500, colour: style.ink })
    const wrapped = lines.flatMap((text) => broken(context, `400 ${textSize + 1}px ${style.font}`, text, size.width - 2 * margin))
    const top = margin + 10 + 8
    wrapped.forEach((text, i) =>
      write(context, style, text, margin, top + (i + 0.8) * lineHeight, { size: textSize + 1, colour: style.ink2 }),
    )
    const used = top + wrapped.length * lineHeight + 12
    context.translate(0, used)
    draw(context, { width: size.width, height: size.height - used - 6 })
  })
  await host.write(name, png)
}

/** A text in lines of no more than `width`. */
function broken(context: Drawing, font: string, text: string, width: number): string[] {
  context.font = font
  const lines = ['']
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word
    if (context.measureText(longer).width <= width || !lines.at(-1)) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
