/** The thresholds of all findings, with their sources, to change and to put back. */
import { useComputed } from '@preact/signals'
import { thresholdKey } from '../../../answers/findings/finding.ts'
import { aboutOf, thresholdTitle, titleOf } from '../../../answers/findings/rule-words.ts'
import { rules, thresholdsOf } from '../../../answers/findings/rules.ts'
import { display } from '../../run/display.ts'
import type { Session } from '../../run/session.ts'
import { Stepper } from '../../ui/stepper.tsx'
import { said, t } from '../../words/language.ts'

export function Thresholds({ session: { state } }: { session: Session }) {
  const changed = useComputed(() => state.signal.value.display.thresholds).value
  const set = (key: string, value: number | null) => {
    const { [key]: _, ...others } = changed
    display(state, { thresholds: value === null ? others : { ...others, [key]: value } })
  }
  return (
    <div class="thresholds">
      <button type="button" disabled={Object.keys(changed).length === 0} onClick={() => display(state, { thresholds: {} })}>
        {t('findingsList.reset')}
      </button>
      <dl>
        {rules.map((own) => (
          <div key={own.kind} data-rule={own.kind}>
            <dt>{said(titleOf(own.kind))}</dt>
            <dd>
              <p>{said(aboutOf(own.kind))}</p>
              {Object.entries(thresholdsOf(own)).map(([name, { value, source, next }]) => {
                const key = thresholdKey(own.kind, name)
                const title = said(thresholdTitle(name))
                return (
                  <label key={key} title={source} data-changed={key in changed || undefined}>
                    <span>{title}</span>
                    <Stepper
                      label={`${said(titleOf(own.kind))}: ${title}`}
                      value={String(changed[key] ?? value)}
                      field={key}
                      invalid={false}
                      next={next}
                      change={(to) => set(key, typeof to === 'number' && to > 0 && to !== value ? to : null)}
                    />
                  </label>
                )
              })}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
