import { collapsed } from '../../src/app/stage/open-groups.ts'
import { edgesFor, Frames } from '../../src/app/pacing/frame-budget.ts'
import { watchHealth } from '../../src/answers/health-watch.ts'
import { createInspector, type Inspector } from '../../src/inspect/inspector.ts'
import { dense, sequential, tanh } from '../../src/model/layers.ts'
import { densenet40 } from '../../src/model/networks/index.ts'
import { sgd } from '../../src/model/optimizers.ts'
import type { Engine } from '../../src/train/engine.ts'
import type { Trainer } from '../../src/train/types.ts'
import type { Stage } from '../../src/cli/host.ts'
import { randomNumbers } from '../random.ts'
import type { Measured } from '../rounds.ts'
import type { Row, Unit } from '../result.ts'
import { pairedRatio, summarize } from '../statistics.ts'
import { tasks } from '../tasks.ts'
import type { SuiteContext } from './context.ts'
import { ownTrainer, train } from './training.ts'

const size = { width: 800, height: 600 }
/** Edges of one layer in the pictures that are timed alone: the strongest are chosen on the GPU. */
const edgesPerLayer = 2000
/** The first three pictures have one weight matrix, of 32, 317 and 1000 rows and columns; the last one is collapsed as the page does it. */
const frames = [
  { name: 'frame-1k', trainer: (engine: Engine) => squareTrainer(engine, 32) },
  { name: 'frame-100k', trainer: (engine: Engine) => squareTrainer(engine, 317) },
  { name: 'frame-1m', trainer: (engine: Engine) => squareTrainer(engine, 1000) },
  { name: 'frame-densenet-40', trainer: denseNetTrainer },
]

const withTraining = 'mnist-view-on'
const withHealth = 'mnist-health-on'
/** Steps that are timed together with and without readings: several are read in them, as in a long run, and the wait for the last one is a small part. */
const stretch = 100
/** From the page's load in a browser that has kept nothing, and from its load again. */
const openings = [
  { name: 'mnist-first-paint', visit: 'first', moment: 'paint' },
  { name: 'mnist-first-outline', visit: 'first', moment: 'outline' },
  { name: 'mnist-first-step', visit: 'first', moment: 'step' },
  { name: 'mnist-first-colour', visit: 'first', moment: 'colour' },
  { name: 'mnist-first-picture', visit: 'first', moment: 'picture' },
  { name: 'mnist-again-step', visit: 'again', moment: 'step' },
  { name: 'mnist-again-colour', visit: 'again', moment: 'colour' },
  { name: 'mnist-again-picture', visit: 'again', moment: 'picture' },
] as const

/** Every row that this suite may have. */
export const viewNames = (): string[] => [
  ...frames.map(({ name }) => name),
  withTraining,
  'mnist-view-off',
  withHealth,
  ...openings.map(({ name }) => name),
]

/** What the 3D view costs: a frame by the number of edges, and training with the view on over off. */
export async function runView(context: SuiteContext): Promise<void> {
  const engine = await context.engine()
  const { stage } = context.host
  if (!stage) {
    context.note('The suite view needs a browser: on dawn.node there is no canvas to draw on.')
    return
  }
  context.expect(3)
  await runFrames(context, engine, stage)
  if ([withTraining, 'mnist-view-off', withHealth].some((name) => context.wants('view', name)))
    await runTrainingWithView(context, engine, stage)
  if (openings.some(({ name }) => context.wants('view', name))) await runOpenings(context)
}

type OpenStage = NonNullable<SuiteContext['host']['stage']>

/** A network, trained one step so that its buffers hold gradients, and its picture. */
class Shown {
  readonly trainer: Trainer
  readonly #engine: Engine
  readonly #stage: Stage
  readonly #inspector: Inspector

  private constructor(engine: Engine, trainer: Trainer, stage: Stage, inspector: Inspector) {
    this.#engine = engine
    this.trainer = trainer
    this.#stage = stage
    this.#inspector = inspector
  }

  static async open(engine: Engine, trainer: Trainer, openStage: OpenStage, edges = edgesPerLayer): Promise<Shown> {
    await train(trainer, 1)
    const stage = await openStage(engine.device, size.width, size.height)
    const observation = collapsed(trainer.observation(), null)
    const inspector = createInspector(engine.device, observation, { edgesPerLayer: edges })
    stage.show(observation, inspector)
    return new Shown(engine, trainer, stage, inspector)
  }

  /** `scale`: share of the picture's own pixels, along a side; `choose`: whether the edges are chosen anew. */
  draw(scale = 1, choose = true) {
    this.#stage.render(scale, choose)
  }

  /** The range of the colours, as the last frame left it. */
  async finish(): Promise<number> {
    await this.#engine.device.queue.onSubmittedWorkDone()
    return (await this.#inspector.ranges()).at(-1)!.hi
  }

  destroy() {
    this.#stage.dispose()
    this.#inspector.destroy()
    this.trainer.destroy()
  }
}

async function runFrames(context: SuiteContext, engine: Engine, openStage: OpenStage): Promise<void> {
  const wanted = frames.filter(({ name }) => context.wants('view', name))
  const shown: Shown[] = []
  for (const { name, trainer } of wanted) {
    context.stage(`view: ${name}`)
    shown.push(await Shown.open(engine, await trainer(engine), openStage))
  }
  const measured = await context.measure(
    'view: frames',
    shown.map((one) => ({
      issue(count) {
        for (let i = 0; i < count; i++) one.draw()
      },
      finish: () => one.finish(),
    })),
  )
  for (const [i, { name }] of wanted.entries())
    context.row(await rowOf(name, 'ms', measured[i]!, (milliseconds) => milliseconds, shown[i]!))
  const [first, last] = [wanted.findIndex(({ name }) => name === 'frame-1k'), wanted.findIndex(({ name }) => name === 'frame-1m')]
  const [small, large] = [measured[first], measured[last]]
  if (small && large && 'milliseconds' in small && 'milliseconds' in large)
    // How many times faster the small picture is: what a thousand times the edges cost.
    context.ratio({ suite: 'view', name: 'frame-1k', over: 'frame-1m', ...pairedRatio(small.milliseconds, large.milliseconds) })
  for (const one of shown) one.destroy()
}

async function squareTrainer(engine: Engine, width: number): Promise<Trainer> {
  const count = 8
  const x = randomNumbers(count * width, 1)
  const dataset = { name: 'bench', inputShape: [width], outputs: width, train: { count, x, y: randomNumbers(count * width, 2) } }
  const network = sequential([width], [dense(width), tanh()])
  return engine.trainer(network, dataset, { loss: 'mse', optimizer: sgd({ learningRate: 0.01 }), batchSize: count, seed: 1 })
}

/** Its batch is small: what a frame costs does not depend on it. */
async function denseNetTrainer(engine: Engine): Promise<Trainer> {
  const [count, input, outputs] = [2, [1, 28, 28], 10]
  const train = { count, x: randomNumbers(count * 784, 1), y: Int32Array.of(3, 7) }
  const dataset = { name: 'bench', inputShape: input, outputs, train }
  const optimizer = sgd({ learningRate: 0.01 })
  return engine.trainer(densenet40(input, outputs), dataset, { loss: 'crossEntropy', optimizer, batchSize: count, seed: 1, tuningTime: 1 })
}

async function runTrainingWithView(context: SuiteContext, engine: Engine, openStage: OpenStage): Promise<void> {
  context.stage('view: mnist-view-on')
  // As the page draws and paces its frames while a run trains.
  const pace = new Frames(engine.adapter)
  const shown = await Shown.open(engine, await ownTrainer(engine, tasks['mnist-sgd']), openStage, edgesFor(engine.adapter))
  let [drawn, spent] = [0, 0]
  const drawUntil = async (ended: () => boolean) => {
    while (!ended()) {
      const begun = performance.now()
      if (pace.due('training', begun)) {
        await pace.draw('training', engine.device.queue, () => shown.draw(pace.scale, pace.chooses(begun)))
        drawn++
      } else await new Promise((resolve) => setTimeout(resolve, 4))
    }
  }
  const withView = async (steps: number) => {
    const start = performance.now()
    let ended = false
    const training = train(shown.trainer, steps).finally(() => (ended = true))
    await Promise.all([training, drawUntil(() => ended)])
    spent += performance.now() - start
  }
  // The drawer's table of layers reads at its own pace while the picture is drawn.
  let isRead = false
  let readings = 0
  const watch = await watchHealth(engine.device, shown.trainer, { paced: { isWanted: () => isRead } })
  watch.onReading(() => readings++)
  const withReadings = async (steps: number) => {
    isRead = true
    await withView(steps)
    isRead = false
  }
  const [on, off] = await context.measure('view: mnist-view-on', [
    { issue: withView, finish: async () => {} },
    { issue: (steps) => train(shown.trainer, steps), finish: async () => {} },
  ])
  const [unread, read] = await context.measure(`view: ${withHealth}`, [
    { issue: (stretches) => withView(stretches * stretch), finish: () => watch.settled() },
    { issue: (stretches) => withReadings(stretches * stretch), finish: () => watch.settled() },
  ])
  const perSecond = (milliseconds: number) => 1000 / milliseconds
  context.row(await rowOf('mnist-view-on', 'steps/s', on!, perSecond, shown))
  context.row(await rowOf('mnist-view-off', 'steps/s', off!, perSecond, shown))
  context.row(await rowOf(withHealth, 'steps/s', read!, (milliseconds) => stretch * perSecond(milliseconds), shown))
  if ('milliseconds' in unread! && 'milliseconds' in read!)
    context.ratio({ suite: 'view', name: withHealth, over: 'mnist-view-on', ...pairedRatio(read.milliseconds, unread.milliseconds) })
  context.note(`While mnist trained with the health of its layers read, ${readings} readings were taken.`)
  watch.destroy()
  if ('milliseconds' in on! && 'milliseconds' in off!)
    context.ratio({ suite: 'view', name: 'mnist-view-on', over: 'mnist-view-off', ...pairedRatio(on.milliseconds, off.milliseconds) })
  context.note(
    `While mnist trained with the view on, ${((1000 * drawn) / spent).toFixed(1)} frames a second were drawn, the last at ${Math.round(size.width * pace.scale)} × ${Math.round(size.height * pace.scale)} with at most ${edgesFor(engine.adapter)} edges a layer.`,
  )
  shown.destroy()
}

const firstStarts = 5

/** How the page opens, with everything fetched, compiled and tuned anew, and then by what the browser has kept. */
async function runOpenings(context: SuiteContext): Promise<void> {
  const { firstStep } = context.host
  if (!firstStep) {
    context.note('The opening of the page is timed by the command alone: a page cannot open a browser that has kept nothing.')
    return
  }
  const found: Awaited<ReturnType<typeof firstStep>>[] = []
  for (let i = 0; i < firstStarts; i++) {
    context.stage(`view: opening of mnist ${i + 1} of ${firstStarts}`)
    found.push(await firstStep())
  }
  for (const { name, visit, moment } of openings) {
    if (!context.wants('view', name)) continue
    const milliseconds = found.map((opening) => opening[visit][moment])
    context.row({ suite: 'view', name, engine: 'gradscope', unit: 'ms', ...summarize(milliseconds, 'lower'), ok: true, error: 0 })
  }
}

/** `error` is 0 where the picture's colours have a range, as they must after a step with gradients. */
async function rowOf(name: string, unit: Unit, measured: Measured, figure: (milliseconds: number) => number, shown: Shown): Promise<Row> {
  const about = { suite: 'view', name, engine: 'gradscope', unit } as const
  if ('problem' in measured)
    return { ...about, median: null, best: null, spread: null, blocks: 0, ok: false, error: null, reason: measured.problem }
  const ranged = (await shown.finish()) > 0
  return {
    ...about,
    ...summarize(measured.milliseconds.map(figure), unit === 'ms' ? 'lower' : 'higher'),
    ok: ranged,
    error: ranged ? 0 : null,
    ...(!ranged && { reason: 'the picture shows no gradient' }),
  }
}
