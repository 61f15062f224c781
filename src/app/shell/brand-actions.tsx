/** Help and the choice of the language, beside the page's name. */
import { render } from 'preact'
import { byId } from '../ui/dom.ts'
import { whenLoaded } from '../ui/later.ts'
import { openMenu } from '../ui/menu.ts'
import { Icon } from '../ui/elements.tsx'
import { language, languages, t, type Language } from '../words/language.ts'
import { chooseLanguage } from './language.ts'

export function brandActions(help: () => void): void {
  render(<BrandActions help={help} />, byId('brand-actions'))
}

function BrandActions({ help }: { help: () => void }) {
  return (
    <>
      <button type="button" class="icon-button" title={t('page.helpKey')} aria-label={t('page.help')} onClick={help}>
        <Icon name="help" />
      </button>
      <button
        type="button"
        class="icon-button"
        id="language"
        title={t('page.languageIs', { name: languages[language.value] })}
        aria-label={t('page.language')}
        aria-haspopup="menu"
        aria-expanded="false"
        onClick={(event) => openLanguages(event.currentTarget)}
      >
        <Icon name="language" />
      </button>
    </>
  )
}

function openLanguages(anchor: HTMLElement): void {
  const names = Object.entries(languages) as [Language, string][]
  openMenu(
    anchor,
    t('page.language'),
    names.map(([name, text]) => ({
      text,
      isChosen: name === language.value,
      choose() {
        anchor.focus()
        whenLoaded(chooseLanguage(name), () => {})
      },
    })),
  )
}
