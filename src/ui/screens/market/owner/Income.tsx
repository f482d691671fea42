// What a lock has earned: over time, what is held for keys that nobody has signed, and what can be withdrawn.
import { HandCoins } from 'lucide-react'
import type { LettingView } from '../../../../app/market/letting.ts'
import type { Address } from '../../../../core/bytes.ts'
import type { Amount } from '../../../../core/wallet/sentence.ts'
import { Button } from '../../../components/Button.tsx'
import { Fact, Facts, Section } from '../../../components/Facts.tsx'
import { StepPlot } from '../../../components/StepPlot.tsx'
import { exactAmount, shortAmount } from '../../../i18n/amounts.ts'
import { shortHash } from '../../../i18n/formats.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useNow } from '../../../useNow.ts'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { useNames } from '../../wallet/signing/useNames.ts'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { incomeOf } from './income.ts'

export function Income({ view }: { view: LettingView }) {
  const { letting: words } = useMarketMessages()
  const { language } = useFormats()
  const earned = sums(view.offers.map(offer => offer.earned))
  if (view.offers.length === 0 && view.withdrawable.length === 0) return null
  return (
    <Section title={words.income}>
      <div className="card flush">
        <Facts>
          <Fact name={words.earned}>
            <Amounts amounts={earned} />
          </Fact>
          {view.escrow.some(({ value }) => value > 0n) && (
            <Fact name={words.escrow}>
              <Amounts amounts={view.escrow} />
            </Fact>
          )}
        </Facts>
        {incomeOf(view.stays).map(({ money, points }) => (
          <Plot key={money.token ?? 'coin'} points={points} money={money} />
        ))}
      </div>
      {view.withdrawable.every(({ amount }) => amount.value === 0n) ? (
        <p className="row-note indent">{words.withdrawNone}</p>
      ) : (
        <ul className="card flush rows">
          {view.withdrawable
            .filter(({ amount }) => amount.value > 0n)
            .map(({ account, amount }) => (
              <li key={`${account}${amount.token ?? ''}`} className="card-pad">
                <Withdraw deviceId={view.deviceId} account={account} amount={amount} />
              </li>
            ))}
        </ul>
      )}
      <p className="hidden-text">{earned.map(amount => exactAmount(amount, language)).join(', ')}</p>
    </Section>
  )
}

function Amounts({ amounts }: { amounts: readonly Amount[] }) {
  const { language } = useFormats()
  return amounts.map(amount => <div key={amount.token ?? 'coin'}>{shortAmount(amount, language)}</div>)
}

function sums(amounts: readonly Amount[]): readonly Amount[] {
  const byToken = new Map<string, Amount>()
  for (const amount of amounts) {
    const key = amount.token ?? 'coin'
    const known = byToken.get(key)
    byToken.set(key, { ...amount, value: amount.value + (known?.value ?? 0n) })
  }
  return [...byToken.values()]
}

function Plot({
  points,
  money,
}: {
  points: readonly { readonly at: number; readonly value: bigint }[]
  money: Amount
}) {
  const { letting: words } = useMarketMessages()
  const formats = useFormats()
  const now = useNow()
  const [first] = points
  const last = points.at(-1)
  if (first === undefined || last === undefined || points.length < 3) return null
  const text = words.plotText(
    formats.date(first.at),
    formats.date(now),
    shortAmount({ ...money, value: last.value }, formats.language),
  )
  return (
    <div className="card-pad ruled">
      <StepPlot points={points} now={now} caption={`${words.incomePlot}. ${text}`} />
    </div>
  )
}

function Withdraw({
  deviceId,
  account,
  amount,
}: {
  deviceId: LettingView['deviceId']
  account: Address
  amount: Amount
}) {
  const { letting: words } = useMarketMessages()
  const { language } = useFormats()
  const market = useMarket()
  const names = useNames()
  const { send, isBusy, isUnderWay, paymentId, view } = useSigning(MarketFailure)
  const withdraw = () =>
    send(
      () => market.proposeWithdraw(deviceId, account, amount.token),
      () => void market.readLetting(deviceId),
    )
  return (
    <div className="stack snug">
      <div className="row-line">
        <span className="grow">
          <span className="row-title">{words.withdrawable}</span>
          <br />
          <span className="row-note breakable">{names.ofAddress(account) ?? shortHash(account)}</span>
        </span>
        <span className="amount">{shortAmount(amount, language)}</span>
      </div>
      {paymentId !== null && <PaymentNow id={paymentId} />}
      {!isUnderWay && (
        <Button icon={HandCoins} wide busy={isBusy} onClick={withdraw}>
          {words.withdraw}
        </Button>
      )}
      {view}
    </div>
  )
}
