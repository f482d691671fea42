// Honest about browsers: which reach Bluetooth devices, why others don't, and what works without.
import { Check, CircleCheck, CircleX } from 'lucide-react'
import { Fact, Facts, Section } from '../components/Facts.tsx'
import { Screen } from '../components/Screen.tsx'
import { useFob } from '../fobContext.ts'
import { useMessages } from '../i18n/useMessages.tsx'
import { paths } from '../paths.ts'
import { useReadable } from '../useReadable.ts'

export function BrowserScreen() {
  const { browser: words } = useMessages()
  const isSupported = useReadable(useFob().radio) !== 'unsupported'
  const Icon = isSupported ? CircleCheck : CircleX
  return (
    <Screen title={words.title} back={paths.settings} notices={false}>
      <section className={`verdict ${isSupported ? 'tone-ok' : 'tone-attention'}`}>
        <div className="verdict-head">
          <Icon size={24} aria-hidden />
          <h2 className="verdict-title">{isSupported ? words.ready : words.missing}</h2>
        </div>
        <p className="prose">{words.why}</p>
        {!window.isSecureContext && <p className="prose">{words.insecure}</p>}
      </section>
      <Section title={words.useTitle}>
        <div className="card flush">
          <Facts>
            {words.use.map(({ title, body }) => (
              <Fact key={title} name={title}>
                {body}
              </Fact>
            ))}
          </Facts>
        </div>
      </Section>
      {!isSupported && (
        <Section title={words.worksTitle}>
          <ul className="card stack snug">
            {words.works.map(line => (
              <li key={line} className="state-line tone-ok works">
                <Check size={18} aria-hidden />
                <span>{line}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Screen>
  )
}
