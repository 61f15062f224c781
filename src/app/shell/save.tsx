/** Saving: the model, its parameters, the history and the picture. */
import { render } from 'preact'
import { writeSafetensors } from '../../model/safetensors.ts'
import { modelFormat, type ModelFile } from '../../model/types.ts'
import type { Trainer } from '../../train/types.ts'
import type { View } from '../../view/types.ts'
import { message } from '../../words/say.ts'
import { hasArrived } from '../run/arrivals.ts'
import { checkedModel } from '../run/describe.ts'
import type { Session } from '../run/session.ts'
import { byId, download, h } from '../ui/dom.ts'
import { notice } from '../ui/notices.ts'
import { t } from '../words/language.ts'

type Save = (trainer: Trainer) => Promise<void> | void

export function saveButtons(session: Session, view: View, canvas: HTMLCanvasElement): void {
  const host = h('div')
  byId('training').append(host)
  const saving = (save: Save) => async () => {
    if (!session.trainer) return
    try {
      await save(session.trainer)
    } catch (error) {
      notice(message('shell.save.failed', { error: error instanceof Error ? error.message : String(error) }))
    }
  }
  const saves = {
    model: saving(() => {
      const model = modelOf(session)
      if (model) download('model.json', `${JSON.stringify(model, null, 2)}\n`, 'application/json')
    }),
    weights: saving(async (trainer) => download('model.safetensors', await parametersOf(trainer), 'application/octet-stream')),
    history: saving((trainer) => download('history.json', `${JSON.stringify(trainer.history)}\n`, 'application/json')),
    picture: saving(async (trainer) => download('view.png', await pictureOf(session, trainer, view, canvas), 'image/png')),
  }
  render(<SaveButtons saves={saves} />, host)
}

const kinds = ['model', 'weights', 'history', 'picture'] as const

function SaveButtons({ saves }: { saves: Record<(typeof kinds)[number], () => void> }) {
  return (
    <>
      <p class="subhead">{t('shell.save')}</p>
      <div class="saves">
        {kinds.map((kind) => (
          <button key={kind} type="button" class="button" title={t(`shell.save.${kind}Title`)} onClick={saves[kind]}>
            {t(`shell.save.${kind}`)}
          </button>
        ))}
      </div>
    </>
  )
}

/** The part of the view that the panels leave free. */
async function pictureOf(session: Session, trainer: Trainer, view: View, canvas: HTMLCanvasElement): Promise<Blob> {
  const { dataset } = session.state.value
  const tested = dataset?.test && hasArrived(dataset.test) ? await trainer.evaluate('test') : null
  const { left, right, top, bottom } = view.settings.insets
  const area = { left, top, width: canvas.clientWidth - left - right, height: canvas.clientHeight - top - bottom }
  const { step, loss } = session.state.value.live
  const figures = { data: dataset?.name ?? '', step, loss, testLoss: tested?.loss ?? null, testAccuracy: tested?.accuracy ?? null }
  const { poster } = await import('../stage/poster.ts')
  return poster(view, canvas, trainer, figures, area)
}

function modelOf(session: Session): ModelFile | null {
  const { running, dataset } = session.state.value
  return running && dataset && { ...checkedModel(running, dataset.inputShape), format: modelFormat }
}

async function parametersOf(trainer: Trainer): Promise<Uint8Array<ArrayBuffer>> {
  const tensors = await Promise.all(
    trainer.parameterPaths.map(async (path) => {
      const handle = trainer.parameter(path)
      return [path, { shape: handle.shape, data: await handle.read() }] as const
    }),
  )
  return writeSafetensors(Object.fromEntries(tensors), { format: modelFormat })
}
