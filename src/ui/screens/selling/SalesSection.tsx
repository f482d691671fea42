// Sales of some days, from the chain alone: per day as a plot, who has earned what, and all of it as a table.
import { FileDown } from 'lucide-react'
import { lazy, Suspense, useCallback, useState } from 'react'
import type { CatalogueDraft, SalesReading } from '../../../app/kiosk/owner/kioskOwner.ts'
import type { Address } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import type { Amount } from '../../../core/wallet/sentence.ts'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { Segments } from '../../components/Field.tsx'
import { Notice } from '../../components/Notice.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { shortAmount } from '../../i18n/amounts.ts'
import { shortHash } from '../../i18n/formats.ts'
import { clauses, labelled } from '../../i18n/punctuation.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { useSellingMessages } from '../../i18n/useSellingMessages.ts'
import { saveFile } from '../../saveFile.ts'
import { useReadable } from '../../useReadable.ts'
import { useWallet } from '../../walletContext.tsx'
import { useRead } from '../market/useRead.ts'
import { useNames } from '../wallet/signing/useNames.ts'
import { DayPlot } from './DayPlot.tsx'
import { SellFailure } from './SellFailure.tsx'
import { useSeller } from './sellerContext.ts'

const PayOut = lazy(async () => ({ default: (await import('./PayOut.tsx')).PayOut }))

const periods = { week: 7, month: 30, quarter: 90 } as const
const choices = ['week', 'month', 'quarter'] as const
/** As many of the last sales as are listed; the table has all. */
const lastRows = 12

export function SalesSection({ deviceId, draft }: { deviceId: DeviceId; draft: CatalogueDraft | null }) {
  const words = useSellingMessages()
  const { common } = useMessages()
  const seller = useSeller()
  const [period, setPeriod] = useState<keyof typeof periods>('week')
  const { value, failure, again } = useRead(
    useCallback(() => seller.sales(deviceId, periods[period]), [seller, deviceId, period]),
  )
  return (
    <Section title={words.salesOf}>
      <Segments
        legend={words.perDay}
        options={choices.map(choice => ({ value: choice, label: words.period[choice] }))}
        value={period}
        onChange={setPeriod}
      />
      {failure !== null && (
        <SellFailure failure={failure} actions={<Button onClick={again}>{common.retry}</Button>} />
      )}
      {value === null ? (
        failure === null && <div className="skeleton" aria-busy="true" />
      ) : (
        <>
          {value.rows.length === 0 ? (
            <p className="soft">{words.noSales}</p>
          ) : (
            <>
              <DayPlot days={value.days} />
              <Rows reading={value} draft={draft} />
              <Button
                icon={FileDown}
                wide
                onClick={() => saveFile('fob-sales.csv', 'text/csv', seller.csv(value))}
              >
                {words.csv}
              </Button>
            </>
          )}
          <Parties deviceId={deviceId} reading={value} />
        </>
      )}
    </Section>
  )
}

function Rows({ reading, draft }: { reading: SalesReading; draft: CatalogueDraft | null }) {
  const words = useSellingMessages()
  const { language, dateTime } = useFormats()
  const nameOf = (number: number | null) => {
    const name = draft?.products.find(product => product.number === number)?.name
    return name?.[language] || name?.en || (number === null ? words.productUnknown : words.product(number))
  }
  return (
    <ul className="card flush rows" aria-label={words.rows}>
      {reading.rows.slice(0, lastRows).map(row => (
        <li key={row.orderId} className="row">
          <span className="grow">
            <span className="row-title">{`${String(row.quantity)} × ${nameOf(row.number)}`}</span>
            <br />
            <span className="row-note">{`${dateTime(row.at)} · ${words.rowStates[row.state]}`}</span>
          </span>
          <span className="amount">{shortAmount(row.amount, language)}</span>
        </li>
      ))}
    </ul>
  )
}

function Parties({ deviceId, reading }: { deviceId: DeviceId; reading: SalesReading }) {
  const words = useSellingMessages()
  const { language } = useFormats()
  const names = useNames()
  const wallet = useWallet()
  const accounts = new Set<Address>(useReadable(wallet.accounts).map(({ address }) => address))
  const held = reading.escrow.filter(({ value }) => value > 0n)
  return (
    <>
      {reading.parties.length > 0 && (
        <>
          <h3>{words.parties}</h3>
          <p className="row-note">{words.partiesNote}</p>
          <ul className="card flush rows">
            {reading.parties.map(({ account, earned, kept }) => (
              <li key={`${account}${earned.token ?? ''}`} className="row">
                <span className="grow">
                  <span className="row-title breakable">
                    {names.ofAddress(account) ?? shortHash(account)}
                  </span>
                  <br />
                  <span className="row-note">{words.kept(shortAmount(kept, language))}</span>
                </span>
                <span className="amount">{shortAmount(earned, language)}</span>
                {kept.value > 0n && accounts.has(account) && (
                  <Suspense fallback={null}>
                    <PayOut deviceId={deviceId} account={account} token={kept.token} />
                  </Suspense>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {held.length > 0 && (
        <Notice
          tone="info"
          title={labelled(
            words.escrow,
            clauses(
              held.map((amount: Amount) => shortAmount(amount, language)),
              language,
            ),
            language,
          )}
        />
      )}
      {reading.evidence !== null && (
        <section className="card pad-snug">
          <ProofLink evidence={reading.evidence} manifest={null} />
        </section>
      )}
    </>
  )
}
