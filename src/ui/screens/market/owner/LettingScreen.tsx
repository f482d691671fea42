// Letting and lending one lock: what is still missing, offers, stays, income, keys that were lent, who signs.
import { KeyRound, Plus } from 'lucide-react'
import { useEffect } from 'react'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import { LinkButton } from '../../../components/Button.tsx'
import { ProofLink } from '../../../components/ProofLink.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { VaultNotices } from '../../wallet/lock/VaultNotices.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { Income } from './Income.tsx'
import { LentKeys } from './LentKeys.tsx'
import { Offers } from './Offers.tsx'
import { Readying } from './Readying.tsx'
import { SignerSection } from './SignerSection.tsx'
import { Stays } from './Stays.tsx'
import { TellTime } from './TellTime.tsx'
import { useOwnLock } from './useOwnLock.ts'

export function LettingScreen({ id }: { id: string }) {
  const { letting: words } = useMarketMessages()
  const device = useOwnLock(id)
  return device === undefined ? <NotFoundScreen title={words.notYours} /> : <LettingOf device={device} />
}

function LettingOf({ device }: { device: OwnedDeviceView }) {
  const { letting: words } = useMarketMessages()
  const market = useMarket()
  const { deviceId } = device
  const view = useReadable(market.letting(deviceId))
  useEffect(() => void market.readLetting(deviceId), [market, deviceId])
  const hasOffers = view.offers.length > 0
  const hasMarket = market.isThere && view.readiness !== 'noMarket'
  return (
    <Screen
      title={words.title}
      back={paths.ownedDevice(deviceId)}
      notices={false}
      actionsBeside
      actions={
        <>
          {hasMarket && (
            <LinkButton
              look={hasOffers ? 'secondary' : 'primary'}
              icon={Plus}
              href={paths.newOffer(deviceId)}
            >
              {words.newOffer}
            </LinkButton>
          )}
          <LinkButton icon={KeyRound} href={paths.lendKey(deviceId)}>
            {words.lend}
          </LinkButton>
        </>
      }
    >
      <p className="row-title breakable">{device.name}</p>
      <VaultNotices />
      <Readying view={view} />
      {view.lastFailure !== null && <MarketFailure failure={view.lastFailure} isAnswer={false} />}
      {hasMarket && (
        <>
          <Stays view={view} />
          <Offers view={view} />
          <Income view={view} />
        </>
      )}
      <LentKeys view={view} />
      {hasMarket && <SignerSection view={view} />}
      {(view.readiness === 'ready' || view.readiness === 'configNotFiled') && (
        <TellTime deviceId={deviceId} />
      )}
      {view.evidence !== null && (
        <section className="card pad-snug">
          <ProofLink evidence={view.evidence} manifest={null} />
        </section>
      )}
    </Screen>
  )
}
