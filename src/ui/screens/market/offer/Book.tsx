// Choosing a time and paying for it; everything up to the payment works without a wallet.
import { useCallback, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { OfferView, OrderStep } from '../../../../app/market/market.ts'
import type { HourRange } from '../../../../core/registry/deviceHours.ts'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { exactAmount } from '../../../i18n/amounts.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats, useMessages } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useNow } from '../../../useNow.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { Faucet } from '../../wallet/accounts/Faucet.tsx'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { SigningSheet } from '../../wallet/signing/SigningSheet.tsx'
import { useDeviceTask } from '../../wallet/useDeviceTask.ts'
import { ChooseTime, type ChosenTime } from '../calendar/ChooseTime.tsx'
import { lengthOf } from '../calendar/slots.ts'
import { useHours } from '../calendar/useHours.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { useZoneTimes } from '../marketTimes.ts'

/** Seconds: an agent signs nothing in the last half hour, and a few minutes are needed to get there. */
const signingLead = 35 * 60
/** Seconds that have to be left of what is paid at once. */
const leastLeft = 300

/** Unix seconds: what begins earlier can’t be ordered in time. */
function earliestStart({ terms, finalitySeconds }: OfferView, now: number): number {
  return terms.isInstant ? now - lengthOf(terms, 1) + leastLeft : now + signingLead + (finalitySeconds ?? 0)
}

export function Book({ offer }: { offer: OfferView }) {
  const words = useMarketMessages()
  const { common } = useMessages()
  const market = useMarket()
  const { deviceId } = offer.terms
  const read = useCallback((range: HourRange) => market.readHours(deviceId, range), [market, deviceId])
  const hours = useHours(read)
  const [chosen, setChosen] = useState<ChosenTime | null>(null)
  // In steps of a minute: a calendar that moves each second would be drawn again each second.
  const minute = Math.floor(useNow() / 60) * 60
  return (
    <>
      <Section title={words.calendar.title}>
        {hours.failure !== null && (
          <MarketFailure
            failure={hours.failure}
            actions={<Button onClick={hours.again}>{common.retry}</Button>}
          />
        )}
        {hours.states === null ? (
          hours.failure === null && <div className="skeleton" aria-busy="true" />
        ) : (
          <ChooseTime
            terms={offer.terms}
            states={hours.states}
            earliest={earliestStart(offer, minute)}
            chosen={chosen}
            onChoose={setChosen}
          />
        )}
      </Section>
      {chosen !== null && <Pay offer={offer} chosen={chosen} onTaken={hours.again} />}
    </>
  )
}

function Pay({
  offer,
  chosen,
  onTaken,
}: {
  offer: OfferView
  chosen: ChosenTime
  /** Somebody was quicker: the calendar is to be read again. */
  onTaken: () => void
}) {
  const words = useMarketMessages()
  const { claim } = useWalletMessages()
  const formats = useFormats()
  const market = useMarket()
  const wallet = useWallet()
  const task = useDeviceTask()
  const [, navigate] = useLocation()
  const times = useZoneTimes(offer.terms.utcOffset)
  const owner = useReadable(wallet.owner)
  const account = useReadable(wallet.accounts).find(
    ({ name }) => name.kind === 'owner' || name.kind === 'external',
  )
  const [step, setStep] = useState<OrderStep | null>(null)
  const [allowing, setAllowing] = useState<string | null>(null)
  const amount = exactAmount(
    { ...offer.price, value: offer.price.value * BigInt(chosen.quantity) },
    formats.language,
  )
  const end = chosen.start + lengthOf(offer.terms, chosen.quantity)

  const pay = async () => {
    setAllowing(null)
    const asked = await task.run(async () => {
      const proposed = await market.proposeOrder({ offer, ...chosen })
      if (!proposed.ok && proposed.error.kind === 'hoursTaken') onTaken()
      return proposed
    })
    if (asked) setStep(asked.value)
  }
  useOnceMined(allowing, () => void pay())

  const query = `?then=${encodeURIComponent(paths.offer(offer.offerId))}`
  return (
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
      <p className="total">
        <span>{words.offer.total}</span>
        <span>{amount}</span>
      </p>
      {owner === null ? (
        <Notice
          tone="info"
          title={words.offer.needsWallet}
          actions={
            <>
              <LinkButton look="primary" href={`${paths.walletCreate}${query}`}>
                {claim.createWallet}
              </LinkButton>
              <LinkButton href={`${paths.walletRestore}${query}`}>{claim.haveOne}</LinkButton>
            </>
          }
        >
          {words.offer.needsWalletBody}
        </Notice>
      ) : (
        <>
          {account !== undefined && <Faucet account={account} />}
          {allowing !== null && <PaymentNow id={allowing} />}
          <Button look="primary" wide busy={task.isBusy || allowing !== null} onClick={() => void pay()}>
            {words.offer.pay(amount)}
          </Button>
        </>
      )}
      {task.failure !== null && <MarketFailure failure={task.failure} />}
      {step?.kind === 'pay' && (
        <SigningSheet
          key={step.proposal.id}
          proposal={step.proposal}
          confirm={(value, speed) => wallet.confirm(value, speed)}
          onDone={() => navigate(paths.key(step.keyId))}
          onClose={() => setStep(null)}
          again={() => void pay()}
        />
      )}
      {step?.kind === 'permit' && (
        <SigningSheet
          key={step.proposal.id}
          proposal={step.proposal}
          confirm={value => market.confirmPermit(value)}
          onDone={setStep}
          onClose={() => setStep(null)}
          again={() => void pay()}
        />
      )}
      {step?.kind === 'allow' && (
        <SigningSheet
          key={step.proposal.id}
          proposal={step.proposal}
          confirm={(value, speed) => wallet.confirm(value, speed)}
          onDone={payment => {
            setStep(null)
            setAllowing(payment.id)
          }}
          onClose={() => setStep(null)}
          again={() => void pay()}
        />
      )}
    </section>
  )
}

/** Goes on by itself once a payment is in a block. */
function useOnceMined(paymentId: string | null, goOn: () => void): void {
  const payment = useReadable(useWallet().payments).find(({ id }) => id === paymentId)
  const isMined = payment?.state.kind === 'mined' || payment?.state.kind === 'final'
  const latest = useRef(goOn)
  useEffect(() => {
    latest.current = goOn
  })
  useEffect(() => {
    if (isMined) latest.current()
  }, [isMined])
}
