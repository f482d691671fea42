// Making an offer: the form, then the look at it before it is signed.
import { useLocation } from 'wouter'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import type { HourRange } from '../../../../core/registry/deviceHours.ts'
import type { OfferTerms } from '../../../../core/registry/marketStatements.ts'
import { Screen } from '../../../components/Screen.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { useOwnLock } from '../owner/useOwnLock.ts'
import { OfferForm } from './OfferForm.tsx'

export function NewOfferScreen({ id }: { id: string }) {
  const { letting: words } = useMarketMessages()
  const device = useOwnLock(id)
  return device === undefined ? <NotFoundScreen title={words.notYours} /> : <NewOffer device={device} />
}

function NewOffer({ device }: { device: OwnedDeviceView }) {
  const { editor: words, letting } = useMarketMessages()
  const market = useMarket()
  const wallet = useWallet()
  const { send, task, isBusy, view: signing } = useSigning(MarketFailure)
  const [, navigate] = useLocation()
  const owner = useReadable(wallet.owner)
  const view = useReadable(market.letting(device.deviceId))
  const back = paths.letting(device.deviceId)
  if (owner === null) return <NotFoundScreen title={letting.notYours} />

  const propose = (terms: OfferTerms, open: readonly HourRange[] | null) =>
    send(
      () => {
        const fault = market.termsFault(terms)
        return fault === null
          ? market.proposeOffer(terms, open)
          : Promise.resolve({ ok: false as const, error: { kind: 'termsRefused', detail: fault } })
      },
      () => {
        void market.readLetting(device.deviceId)
        navigate(back, { replace: true })
      },
    )
  const allowProofs = () =>
    task.run(async () => {
      const signed = await market.setTakesProofs(device.deviceId, true)
      const brought = signed.ok ? await market.bringSettings(device.deviceId) : signed
      await market.readLetting(device.deviceId)
      return brought
    })
  return (
    <Screen title={words.title} back={back} notices={false}>
      <p className="row-title breakable">{device.name}</p>
      <OfferForm
        offerer={{ deviceId: device.deviceId, owner: owner.address, rest: device.account.address }}
        restName={words.restOf(device.name)}
        canBeInstant={view.takesProofs}
        onAllowInstant={view.attestors === null ? null : () => void allowProofs()}
        hasHours={view.hasOpenHours}
        isBusy={isBusy}
        hashFile={async file => market.hashDocument(new Uint8Array(await file.arrayBuffer()))}
        onReady={propose}
      />
      {signing}
    </Screen>
  )
}
