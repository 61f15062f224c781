/** The page: opens the device, puts the parts together, and starts the first run. */
import { isBusy } from './run/state.ts'
import './ui/locale.ts'
import { followAddress } from './shell/address.ts'
import { askedPreset, unknownPreset } from './shell/asked-preset.ts'
import { brandActions } from './shell/brand-actions.tsx'
import { drawer } from './answers/drawer.tsx'
import { stopWhereNotFinite } from './answers/not-finite.tsx'
import { spoken } from './shell/language.ts'
import { cards } from './charts/cards.ts'
import { Rail } from './charts/rail.ts'
import { choosePreset, isReady } from './data/choose-preset.ts'
import type { Chosen } from './data/chosen-files.ts'
import { byId, setText } from './ui/dom.ts'
import { dropping } from './data/drop-zone.ts'
import { whenLoaded } from './ui/later.ts'
import { inspectorCard } from './stage/inspector-card.tsx'
import { keyboard } from './ui/keyboard.ts'
import { legend } from './stage/legend.tsx'
import { Refresher } from './refresh/refresher.ts'
import { edgesFor } from './pacing/frame-budget.ts'
import { message } from '../words/say.ts'
import { language, said } from './words/language.ts'
import { layerNames } from './words/layer-names.ts'
import { notice } from './ui/notices.ts'
import { pictureKeys } from './stage/picture-keys.ts'
import { rails, state } from './shell/frame.ts'
import { dataPanel } from './data/panel.tsx'
import { networkPanel } from './network/panel.tsx'
import { trainingPanel } from './training/panel.tsx'
import { saveButtons } from './shell/save.tsx'
import { openEngine, openView, services } from './browser/services.ts'
import type { Precision } from '../train/types.ts'
import { Session } from './run/session.ts'
import { slowStep } from './stage/slow-step.ts'
import { watchPointer } from './ui/steady.ts'
import { toggle, transport } from './shell/transport.tsx'
import { showUnsupported } from './shell/unsupported.ts'
import { tellMissing } from './stage/missing.ts'

async function start(): Promise<void> {
  await spoken
  watchPointer()
  const engine = await openEngine()
  const canvas = byId<HTMLCanvasElement>('view')
  const view = await openView(canvas, engine.device)
  const session = new Session(engine, services, state)
  session.tell = notice

  engine.onError(({ kind, message: error }) => {
    console.error(error)
    notice(message(kind === 'out-of-memory' ? 'page.outOfMemory' : 'page.gpuError', { error }))
  })
  void engine.lost.then((reason) => showUnsupported(reason, 'lost'))

  const colours = legend(state, edgesFor(engine.adapter))
  const inspector = inspectorCard({
    view,
    observation: () => (view.observation && session.trainer ? { ...view.observation, step: session.trainer.step } : null),
    learningRate: () => session.trainer?.learningRate ?? null,
    trainer: () => session.trainer,
    training: () => session.state.value.running?.training ?? null,
    names: () => {
      const { featureNames = [], classes, targetNames = [] } = session.state.value.dataset ?? {}
      return { inputs: featureNames, outputs: classes && classes.length > 2 ? classes : targetNames }
    },
  })
  view.onHover((selection) => void inspector.hover(selection))
  view.onSelect((selection) => inspector.select(selection))
  pictureKeys(canvas, {
    view,
    observation: () => (view.observation && session.trainer ? { ...view.observation, step: session.trainer.step } : null),
    names: () => layerNames(session.trainer?.model.layers ?? []),
    select: (selection) => inspector.select(selection),
  })
  // A network of the same layers on other data is another one.
  session.state.watch(
    (state) => state.dataset,
    () => inspector.select(null),
  )

  const openKernels = () => {
    const about = {
      adapter: engine.adapter.description,
      findings: () => engine.findings(),
      products: () => new Set(Object.keys(session.trainer?.history.variants ?? {})),
      clear: () => engine.clearFindings(),
      tryAll: () => void session.tryAllKernels(),
      get precision() {
        return state.value.precision
      },
      hasHalf: engine.features.f16,
      setPrecision: (precision: Precision) => void session.setPrecision(precision),
    }
    whenLoaded(import('./shell/kernels-dialog.tsx'), (dialog) => void dialog.openKernels(about))
  }
  const rail = new Rail(cards, { session, openKernels })
  const refresher = new Refresher(session, services, { view, canvas, insets: rails.insets, legend: colours, inspector }, rail)

  const open = (chosen: Chosen[]) =>
    whenLoaded(import('./data/open-files.ts'), ({ openFiles }) => void openFiles(session, services, chosen))
  dataPanel(session, services.presetNames, {
    choose: (name) => choosePreset(session, services, name),
    open,
  })
  networkPanel(session)
  trainingPanel(session)
  saveButtons(session, view, canvas)
  const playStep = slowStep(session, view, () => refresher.move())
  transport(session, playStep)
  const answering = { session, view, refresh: () => refresher.refresh() }
  drawer(answering)
  stopWhereNotFinite(answering)
  dropping(open, (error) => session.problem('data', error))

  const help = () => whenLoaded(import('./shell/help.tsx'), ({ openHelp }) => openHelp(engine.adapter.description))
  brandActions(help)
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
    (state) => [state.phase, state.playing, isBusy(state), state.live.step].join(' '),
    (_, state) => {
      const { phase, playing, live } = state
      Object.assign(document.body.dataset, { phase, playing: String(playing), preparing: String(isBusy(state)), step: String(live.step) })
    },
  )
  Object.assign(globalThis, { gradscope: { engine, session, view } })

  tellMissing(null)
  rails.onChange(() => refresher.touch())
  language.subscribe(() => view.set({ say: said }))
  refresher.start()
  const { name: asked, unknown } = askedPreset(location.search, services.presetNames)
  if (unknown !== null) notice(unknownPreset(unknown, services.presetNames))
  followAddress(session)
  await session.choosePreset(isReady(services, asked) ? asked : 'mnist')
  if (!isReady(services, asked)) choosePreset(session, services, asked)
}

start().catch((error: unknown) => {
  console.warn(error)
  tellMissing(null)
  showUnsupported(error)
})
