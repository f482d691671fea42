// Before paying: whether this browser can open this lock, how long it takes, who else could open it, and whether money comes back.
import { Link } from 'wouter'
import type { OfferView } from '../../../../app/market/market.ts'
import { useFob } from '../../../fobContext.ts'
import type { Language } from '../../../i18n/formats.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useMetLocks } from '../marketContext.tsx'
import { AskLock } from './AskLock.tsx'
import { type Truth, Truths } from './Truths.tsx'

export function OfferTruths({ offer }: { offer: OfferView }) {
  const { offer: words } = useMarketMessages()
  const met = useReadable(useMetLocks()).get(offer.terms.deviceId)
  return (
    <>
      <p className="hidden-text" role="status">
        {met === undefined || !offer.terms.isInstant
          ? ''
          : met.takesProofs
            ? words.proofFits
            : words.proofTooLong}
      </p>
      <Truths truths={[...useOpenTruths(offer), ...useMoneyTruths(offer)]} />
    </>
  )
}

function useOpenTruths({ terms: { deviceId, isInstant } }: OfferView): readonly Truth[] {
  const { offer: words } = useMarketMessages()
  const { language } = useFormats()
  const fob = useFob()
  const radio = useReadable(fob.radio)
  const met = useReadable(useMetLocks()).get(deviceId)
  const hasDemos = useReadable(fob.demoDevices).length > 0
  const isDemo = useReadable(fob.devices).some(
    ({ record }) => record.deviceId === deviceId && record.source === 'demo',
  )
  // Only the lock itself can tell whether a proof fits into it, and whether it is one that runs in this page.
  const asks = isInstant && met === undefined
  const browser: Truth = isDemo
    ? { id: 'browser', tone: 'ok', text: words.canOpenDemo }
    : radio === 'ready'
      ? { id: 'browser', tone: 'ok', text: words.canOpen }
      : hasDemos
        ? {
            id: 'browser',
            tone: 'attention',
            text: inARow(language, [radio === 'off' ? words.radioOff : words.noRadio, words.butDemo]),
            more: asks ? undefined : <AskLock deviceId={deviceId} />,
          }
        : radio === 'off'
          ? { id: 'browser', tone: 'attention', text: words.radioOff }
          : {
              id: 'browser',
              tone: 'alarm',
              text: inARow(language, [words.cannotOpen, words.cannotOpenBody]),
              more: <Link href={paths.browser}>{words.whichBrowsers}</Link>,
            }
  if (!isInstant) return [browser]
  if (met === undefined)
    return [
      browser,
      { id: 'proof', tone: 'attention', text: words.unread, more: <AskLock deviceId={deviceId} /> },
    ]
  return met.takesProofs
    ? [browser, { id: 'proof', tone: 'ok', text: words.proofFits }]
    : [browser, { id: 'proof', tone: 'alarm', text: words.proofTooLong }]
}

function useMoneyTruths({
  terms,
  signer,
  attestors,
  areAttestorsProven,
  finalitySeconds,
}: OfferView): readonly Truth[] {
  const { offer: words } = useMarketMessages()
  const formats = useFormats()
  const time = finalitySeconds === null ? null : formats.duration(finalitySeconds)
  const whenHere =
    time === null
      ? words.finalityUnknown
      : terms.isInstant || signer === null
        ? words.finality(time)
        : signer.kind === 'agent'
          ? words.finalityAgent(time)
          : words.finalityOwner(time)
  const others =
    attestors === 'unknown'
      ? words.whoUnknown
      : attestors === null
        ? words.whoNoAttestors
        : words.whoAttestors(attestors.threshold, attestors.of)
  const proven = attestors === 'unknown' || areAttestorsProven ? [] : [words.whoReported]
  // A box of somebody else signs for whom it likes; a key of the owner's own is the owner.
  const issuer = signer?.kind === 'owner' ? [] : [words.whoIssuer]
  return [
    terms.isInstant
      ? { id: 'money', tone: 'attention', text: words.instant }
      : { id: 'money', tone: 'ok', text: words.refundableWithin(formats.duration(terms.fulfilWithin)) },
    { id: 'finality', tone: 'info', text: whenHere },
    {
      id: 'who',
      tone: 'info',
      text: inARow(formats.language, [words.whoOwner, ...issuer, others, ...proven]),
    },
    { id: 'offline', tone: 'info', text: words.works },
  ]
}

/** Chinese has no gap after its full stop. */
const inARow = (language: Language, sentences: readonly string[]): string =>
  sentences.join(language === 'zh' ? '' : ' ')
