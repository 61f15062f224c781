/** The page: opens the device, puts the parts together, and starts the first run. */
import './locale.ts'
import { askedPreset, followAddress, unknownPresetText } from './address.ts'
import { comparisonCard } from './chart-comparison.ts'
import { curvesCard } from './chart-curves.ts'
import { histogramsCard } from './chart-histograms.ts'
import { normsCard } from './chart-norms.ts'
import { predictionCard } from './chart-prediction.ts'
import { costCard } from './card-cost.ts'
import { choosePreset, isReady } from './choose-preset.ts'
import { byId, h, setText } from './dom.ts'
import { openHelp } from './help.ts'
import { icon } from './icons.ts'
import { dropping, openFiles } from './import.ts'
import { openKernels } from './kernels-dialog.ts'
import { inspectorCard } from './inspector-card.ts'
import { keyboard } from './keyboard.ts'
import { layout } from './layout.ts'
import { legend } from './legend.ts'
import { Live } from './live.ts'
import { notice } from './notices.ts'
import { dataRail } from './rail-data.ts'
import { networkRail } from './rail-network.ts'
import { trainingRail } from './rail-training.ts'
import { saveButtons } from './save.ts'
import { services } from './real-services.ts'
import { Session } from './session.ts'
import { slowStep } from './slow-step.ts'
import { toggle, transport } from './transport.ts'
import { showUnsupported } from './unsupported.ts'

async function start(): Promise<void> {
  const rails = layout()
  const engine = await services.createEngine()
  const canvas = byId<HTMLCanvasElement>('view')
  const view = await services.createView(canvas, engine.device)
  const session = new Session(engine, services)
  session.tell = notice

  engine.onError(({ kind, message }) => {
    console.error(message)
    notice(kind === 'out-of-memory' ? `The GPU has no memory left: ${message}` : `The GPU reported an error: ${message}`)
  })
  void engine.lost.then((reason) => showUnsupported(reason, 'lost'))

  const colours = legend(
    (settings) => {
      view.set(settings)
      live.refresh()
    },
    (share) => (live.drawingShare = share),
  )
  const inspector = inspectorCard({
    view,
    observation: () => (view.observation && session.trainer ? { ...view.observation, step: session.trainer.step } : null),
    learningRate: () => session.trainer?.learningRate ?? null,
    names: () => {
      const { featureNames = [], classes, targetNames = [] } = session.state.value.dataset ?? {}
      return { inputs: featureNames, outputs: classes && classes.length > 2 ? classes : targetNames }
    },
  })
  view.onHover((selection) => void inspector.hover(selection))
  view.onSelect((selection) => inspector.select(selection))

  // In the order in which they stand in the rail.
  const comparison = comparisonCard(session)
  const curves = curvesCard(session.curves)
  const prediction = predictionCard()
  const norms = normsCard()
  const histograms = histogramsCard()
  const cost = costCard(() => {
    void openKernels({
      adapter: engine.adapter.description,
      findings: () => engine.findings(),
      clear: () => engine.clearFindings(),
      tryAll: () => void session.tryAllKernels(),
      precision: session.precision,
      hasHalf: engine.features.f16,
      setPrecision: (precision) => void session.setPrecision(precision),
    })
  })
  const live: Live = new Live(session, view, canvas, services, rails.insets, {
    curves,
    prediction,
    norms,
    comparison,
    histograms,
    cost,
    legend: colours,
    inspector,
  })

  dataRail(session, services.presetNames, {
    choose: (name) => choosePreset(session, services, name),
    open: (chosen) => void openFiles(session, services, chosen),
  })
  networkRail(session)
  trainingRail(session)
  saveButtons(session, view, canvas)
  const playStep = slowStep(session, view, () => live.move())
  transport(session, playStep)
  dropping(session, services)

  const help = () => openHelp(engine.adapter.description)
  byId('brand-actions').append(
    h('button', { type: 'button', class: 'icon-button', title: 'Help (?)', 'aria-label': 'Help', onclick: help }, icon('help')),
  )
  document.body.dataset['adapter'] = engine.adapter.software ? 'software' : 'hardware'
  setText(byId('adapter'), engine.adapter.description)
  byId('adapter').title = engine.adapter.description
  keyboard(
    {
      ' ': () => toggle(session),
      '.': playStep,
      r: () => void session.reset(),
      '?': help,
      '[': () => rails.toggle('left'),
      ']': () => rails.toggle('right'),
    },
    { z: () => session.undo(), 'shift+z': () => session.redo(), y: () => session.redo() },
  )

  // What the page is doing, for whoever drives it from outside; and its parts, for the console.
  session.state.watch(
    (state) => [state.phase, state.playing, state.preparing !== null, state.live.step].join(' '),
    (_, { phase, playing, preparing, live: { step } }) => {
      Object.assign(document.body.dataset, { phase, playing: String(playing), preparing: String(preparing !== null), step: String(step) })
    },
  )
  Object.assign(globalThis, { gradscope: { engine, session, view } })

  rails.onChange(() => live.touch())
  live.start()
  const { name: asked, unknown } = askedPreset(location.search, services.presetNames)
  if (unknown !== null) notice(unknownPresetText(unknown, services.presetNames))
  followAddress(session)
  await session.choosePreset(isReady(services, asked) ? asked : 'mnist')
  if (!isReady(services, asked)) choosePreset(session, services, asked)
}

start().catch((error: unknown) => {
  console.warn(error)
  showUnsupported(error)
})
