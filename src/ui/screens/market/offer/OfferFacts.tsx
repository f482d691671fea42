// The rest of an offer’s terms: how often, at which hours, who gets the money, which lock.
import type { OfferView } from '../../../../app/market/market.ts'
import { Fact, Facts, Section } from '../../../components/Facts.tsx'
import { Hash } from '../../../components/Hash.tsx'
import { shortAmount } from '../../../i18n/amounts.ts'
import { shortHash } from '../../../i18n/formats.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useNames } from '../../wallet/signing/useNames.ts'
import { timesOfBits } from '../hours/weekly.ts'
import { weeklyText } from '../hours/weeklyText.ts'
import type { ZoneTimes } from '../marketTimes.ts'

export function OfferFacts({ offer, times }: { offer: OfferView; times: ZoneTimes }) {
  const { offer: words, oneKey } = useMarketMessages()
  const formats = useFormats()
  const names = useNames()
  const { terms, price } = offer
  const weekly = weeklyText(timesOfBits(terms.weeklyHours, terms.utcOffset), times, formats)
  return (
    <Section title={words.facts}>
      <div className="card flush">
        <Facts>
          {weekly.length > 0 && (
            <Fact name={words.hours}>
              {weekly.map(line => (
                <div key={line}>{line}</div>
              ))}
            </Fact>
          )}
          <Fact name={words.uses}>
            {terms.maxUses === 0 ? oneKey.usesAny : formats.number(terms.maxUses)}
          </Fact>
          <Fact name={words.shares}>
            {terms.shares.map(({ payee, amount }) => (
              <div key={payee}>
                {names.ofAddress(payee) ?? shortHash(payee)}
                {terms.shares.length > 1 &&
                  ` · ${shortAmount({ ...price, value: amount }, formats.language)}`}
              </div>
            ))}
          </Fact>
          <Fact name={words.owner}>
            {names.ofAddress(terms.owner) ?? <Hash value={terms.owner} name={words.owner} />}
          </Fact>
          <Fact name={words.device}>
            <Hash value={terms.deviceId} name={words.device} />
          </Fact>
        </Facts>
      </div>
    </Section>
  )
}
