// What the machine has signed for this key of staff: each product that came out for nothing, and each that did not.
import { CircleCheck, OctagonAlert } from 'lucide-react'
import type { FreeVends } from '../../../../app/market/freeVending.ts'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Fact, Facts, Section } from '../../../components/Facts.tsx'
import { Hash } from '../../../components/Hash.tsx'
import { useMachineMessages } from '../../../i18n/useMachineMessages.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { slotsText } from '../../selling/numbers.ts'

const shownAtOnce = 20

export function TakenFree({ vends: { slots, perDay, taken } }: { vends: FreeVends }) {
  const { staff: words } = useMachineMessages()
  const { oneKey } = useMarketMessages()
  const formats = useFormats()
  return (
    <>
      <section className="card">
        <Disclosure title={words.whenItFails}>
          <ul className="stack snug help">
            {words.help.map(sentence => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Disclosure>
      </section>
      <div className="card flush">
        <Facts>
          <Fact name={words.slotsOf}>{slotsText(slots)}</Fact>
          <Fact name={words.perDay}>{words.perDayOf(perDay)}</Fact>
        </Facts>
      </div>
      <Section title={words.said}>
        {taken.length === 0 ? (
          <p className="card soft">{words.saidNone}</p>
        ) : (
          <ul className="card flush rows">
            {taken.slice(0, shownAtOnce).map(({ at, slot, outcome, cause, counter, digest, signature }) => {
              const isGood = outcome === 'dropped'
              const Icon = isGood ? CircleCheck : OctagonAlert
              return (
                <li key={counter} className="card-pad">
                  <p className={`state-line tone-${isGood ? 'ok' : 'attention'}`}>
                    <Icon size={18} aria-hidden />
                    <span>
                      <strong>{isGood ? words.dropped(slot) : words.failed(slot)}</strong>{' '}
                      <span className="note">
                        {`${formats.dateTime(at)} · ${oneKey.receiptCounter(formats.number(counter))}`}
                      </span>
                    </span>
                  </p>
                  <Disclosure title={words.proof}>
                    <div className="stack snug">
                      <p className="row-note">{isGood ? words.free : words.causes[cause]}</p>
                      <Hash value={digest} name={oneKey.receiptDigest} />
                      <Hash value={signature} name={oneKey.receiptSignature} />
                    </div>
                  </Disclosure>
                </li>
              )
            })}
          </ul>
        )}
      </Section>
    </>
  )
}
