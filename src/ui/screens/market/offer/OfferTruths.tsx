// Before paying: whether this browser can open this lock, how long it takes, who else could open it, and whether money comes back.
import { Link } from 'wouter'
import type { OfferView } from '../../../../app/market/market.ts'
import { useFob } from '../../../fobContext.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useMetLocks } from '../marketContext.tsx'
import { type Truth, Truths } from './Truths.tsx'

export function OfferTruths({ offer }: { offer: OfferView }) {
  return <Truths truths={[...useOpenTruths(offer), ...useMoneyTruths(offer)]} />
}

function useOpenTruths({ terms }: OfferView): readonly Truth[] {
  const { offer: words } = useMarketMessages()
  const fob = useFob()
  const radio = useReadable(fob.radio)
  const met = useMetLocks().get(terms.deviceId)
  const isDemo = useReadable(fob.devices).some(
    ({ record }) => record.deviceId === terms.deviceId && record.source === 'demo',
  )
  const browser: Truth = isDemo
    ? { id: 'browser', tone: 'ok', text: words.canOpenDemo }
    : radio === 'unsupported'
      ? {
          id: 'browser',
          tone: 'alarm',
          text: `${words.cannotOpen} ${words.cannotOpenBody}`,
          more: <Link href={paths.browser}>{words.whichBrowsers}</Link>,
        }
      : radio === 'off'
        ? { id: 'browser', tone: 'attention', text: words.radioOff }
        : { id: 'browser', tone: 'ok', text: words.canOpen }
  if (!terms.isInstant) return [browser]
  // A proof has to fit into the lock; only the lock itself can tell whether it does.
  if (met === undefined)
    return [
      browser,
      {
        id: 'proof',
        tone: 'attention',
        text: words.unread,
        more: <Link href={paths.keysNear}>{words.askLock}</Link>,
      },
    ]
  return met.takesProofs ? [browser] : [browser, { id: 'proof', tone: 'alarm', text: words.proofTooLong }]
}

function useMoneyTruths({ terms, signer, attestors, finalitySeconds }: OfferView): readonly Truth[] {
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
  // A box of somebody else signs for whom it likes; a key of the owner's own is the owner.
  const issuer = signer?.kind === 'owner' ? [] : [words.whoIssuer]
  return [
    terms.isInstant
      ? { id: 'money', tone: 'attention', text: words.instant }
      : { id: 'money', tone: 'ok', text: words.refundableWithin(formats.duration(terms.fulfilWithin)) },
    { id: 'finality', tone: 'info', text: whenHere },
    { id: 'who', tone: 'info', text: [words.whoOwner, ...issuer, others].join(' ') },
    { id: 'offline', tone: 'info', text: words.works },
  ]
}
