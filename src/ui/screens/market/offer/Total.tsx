// What was chosen, by the lock’s clock, and what it costs; who has no wallet is led to one and back.
import { useSearch } from 'wouter'
import type { OfferView } from '../../../../app/market/market.ts'
import { exactAmount } from '../../../i18n/amounts.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useNow } from '../../../useNow.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { Faucet } from '../../wallet/accounts/Faucet.tsx'
import { NeedsWallet } from '../../wallet/NeedsWallet.tsx'
import type { ChosenTime } from '../calendar/ChooseTime.tsx'
import { lengthOf } from '../calendar/slots.ts'
import { useZoneTimes } from '../marketTimes.ts'

export const totalOf = ({ price }: OfferView, { quantity }: ChosenTime) => ({
  ...price,
  value: price.value * BigInt(quantity),
})

export function Total({ offer, chosen }: { offer: OfferView; chosen: ChosenTime }) {
  const words = useMarketMessages()
  const formats = useFormats()
  const times = useZoneTimes(offer.terms.utcOffset)
  const now = useNow()
  const end = chosen.start + lengthOf(offer.terms, chosen.quantity)
  const wallet = useWallet()
  const owner = useReadable(wallet.owner)
  const account = useReadable(wallet.accounts).find(
    ({ name }) => name.kind === 'owner' || name.kind === 'external',
  )
  return (
    <>
      <section className="card stack" aria-label={words.offer.total}>
        <dl className="span">
          <div>
            <dt>{words.calendar.from}</dt>
            <dd>{times.moment(chosen.start)}</dd>
          </div>
          <div>
            <dt>{words.calendar.to}</dt>
            <dd>{times.moment(end)}</dd>
          </div>
        </dl>
        <p className="row-note">{words.offer.zone(times.zone)}</p>
        {chosen.start < now && end > now && (
          <p className="row-note tone-attention">
            {words.offer.begun(formats.duration(Math.ceil((end - now) / 60) * 60))}
          </p>
        )}
        <p className="total">
          <span>{words.offer.total}</span>
          <span>{exactAmount(totalOf(offer, chosen), formats.language)}</span>
        </p>
        {owner !== null && account !== undefined && <Faucet account={account} />}
      </section>
      {owner === null && <WalletFirst offer={offer} chosen={chosen} />}
    </>
  )
}

function WalletFirst({ offer, chosen }: { offer: OfferView; chosen: ChosenTime }) {
  const { offer: words } = useMarketMessages()
  const { claim } = useWalletMessages()
  const choice = new URLSearchParams(useSearch())
  choice.set('at', String(chosen.start))
  choice.set('n', String(chosen.quantity))
  const back = `${paths.offer(offer.offerId)}?${choice.toString()}`
  const { needsWallet, needsWalletBody } = words
  return <NeedsWallet then={back} words={{ ...claim, needsWallet, needsWalletBody }} />
}
