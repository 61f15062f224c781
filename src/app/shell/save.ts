/** Saving: the model, its parameters, the history and the picture. */
import { writeSafetensors } from '../../model/safetensors.ts'
import { modelFormat, type ModelFile } from '../../model/types.ts'
import type { Trainer } from '../../train/types.ts'
import { hasArrived } from '../run/arrivals.ts'
import { checkedModel } from '../run/describe.ts'
import { byId, download, h } from '../ui/dom.ts'
import { notice } from '../ui/notices.ts'
import type { Session } from '../run/session.ts'
import type { View } from '../../view/types.ts'

export function saveButtons(session: Session, view: View, canvas: HTMLCanvasElement): void {
  const saving = (save: (trainer: Trainer) => Promise<void> | void) => async () => {
    if (!session.trainer) return
    try {
      await save(session.trainer)
    } catch (error) {
      notice(`Saving failed: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const button = (text: string, title: string, save: (trainer: Trainer) => Promise<void> | void) =>
    h('button', { type: 'button', class: 'button', title, onclick: saving(save) }, text)
  byId('training').append(
    h('p', { class: 'subhead' }, 'Save'),
    h(
      'div',
      { class: 'saves' },
      button('Model', 'model.json: network and training, to drop here or train elsewhere', () => {
        const model = modelOf(session)
        if (model) download('model.json', `${JSON.stringify(model, null, 2)}\n`, 'application/json')
      }),
      button('Weights', 'model.safetensors: every parameter, under PyTorch’s names and shapes', async (trainer) => {
        download('model.safetensors', await parametersOf(trainer), 'application/octet-stream')
      }),
      button('History', 'history.json: loss, accuracy and learning rate of every step', (trainer) => {
        download('history.json', `${JSON.stringify(trainer.history)}\n`, 'application/json')
      }),
      button('Picture', 'view.png: the 3D view as it is, with names and colours', async (trainer) => {
        download('view.png', await pictureOf(session, trainer, view, canvas), 'image/png')
      }),
    ),
  )
}

/** What the panels leave free of the view. */
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
