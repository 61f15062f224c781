/** The help: what the page is, what the colours mean, and its keys. */
import { Fragment } from 'preact'
import { Dialog, showDialog } from '../ui/dialog.tsx'
import { t } from '../words/language.ts'

const keys = [
  [['Space'], 'shell.help.space'],
  [['.'], 'shell.help.step'],
  [['R'], 'shell.help.reset'],
  [['Ctrl', 'Z'], 'shell.help.undo'],
  [['['], 'shell.help.left'],
  [[']'], 'shell.help.right'],
  [['←', '→'], 'shell.help.along'],
  [['↑', '↓'], 'shell.help.across'],
  [['Enter'], 'shell.help.enter'],
  [['Esc'], 'shell.help.escape'],
  [['?'], 'shell.help.help'],
] as const

export const openHelp = (adapter: string): void => showDialog(() => <Help adapter={adapter} />)

function Help({ adapter }: { adapter: string }) {
  return (
    <Dialog title={t('shell.help.title')} narrow>
      <p>{t('shell.help.what')}</p>
      <p class="quiet">{t('shell.help.picture')}</p>
      <p class="quiet">{t('shell.help.convolutions')}</p>
      <p class="quiet">{t('shell.help.flow')}</p>
      <h3>{t('shell.help.keys')}</h3>
      <dl class="keys">
        {keys.map(([names, code]) => (
          <Fragment key={code}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd class="quiet">{t(code)}</dd>
          </Fragment>
        ))}
      </dl>
      <h3>{t('shell.help.yourData')}</h3>
      <p class="quiet">{t('shell.help.privacy')}</p>
      <p class="quiet" style="margin-top: 14px; font-size: var(--small)">
        {t('shell.help.gpu', { adapter })}{' '}
        <a href="bench/index.html" id="to-bench" style="color: var(--accent)">
          {t('shell.help.bench')}
        </a>
      </p>
    </Dialog>
  )
}
