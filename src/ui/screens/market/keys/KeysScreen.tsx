// All keys of this phone, those that open now first; where keys come from, for who has none.
import {
  Bluetooth,
  ChevronRight,
  FileSearch,
  HandHelping,
  KeyRound,
  QrCode,
  ShoppingBag,
  Store,
  WifiOff,
} from 'lucide-react'
import { useEffect } from 'react'
import { Link } from 'wouter'
import type { KeyView } from '../../../../app/market/market.ts'
import { LinkButton } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useFob } from '../../../fobContext.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { useMarket } from '../marketContext.tsx'
import { ownOffset, useZoneTimes } from '../marketTimes.ts'
import { type KeyGroup, keyGroup, keyLook } from './keyLook.ts'
import { keyName } from './keyName.ts'

const groups: readonly KeyGroup[] = ['now', 'waiting', 'later', 'own', 'over']

export function KeysScreen() {
  const { keys: words, oneKey } = useMarketMessages()
  const market = useMarket()
  const canBuy = useFob().saleBuyer !== undefined
  const keys = useReadable(market.keys)
  useEffect(() => void market.refreshKeys(), [market])
  return (
    <Screen
      title={words.title}
      actionsBeside
      actions={
        <>
          <LinkButton look="primary" icon={Bluetooth} href={paths.keysNear}>
            {words.near}
          </LinkButton>
          <LinkButton icon={QrCode} href={paths.keysScan}>
            {words.scan}
          </LinkButton>
        </>
      }
    >
      {keys.length === 0 && (
        <div className="card empty">
          <span className="glyph large">
            <KeyRound size={30} strokeWidth={1.75} aria-hidden />
          </span>
          <h2>{words.none}</h2>
          <p className="prose soft">{words.noneBody}</p>
        </div>
      )}
      {groups.map(group => {
        const members = keys.filter(key => keyGroup(key) === group)
        if (members.length === 0) return null
        return (
          <Section key={group} title={words[group]}>
            <ul className="stack snug">
              {members.map(key => (
                <li key={key.id}>
                  <KeyCard view={key} />
                </li>
              ))}
            </ul>
          </Section>
        )
      })}
      <Link href={paths.keysReceive} className="card row">
        <HandHelping size={20} aria-hidden />
        <span className="grow">
          <span className="row-title">{words.receive}</span>
          <br />
          <span className="row-note">{words.receiveNote}</span>
        </span>
        <ChevronRight size={18} className="chevron" aria-hidden />
      </Link>
      {canBuy && (
        <Link href={paths.bought} className="card row">
          <ShoppingBag size={20} aria-hidden />
          <span className="grow">
            <span className="row-title">{words.bought}</span>
            <br />
            <span className="row-note">{words.boughtNote}</span>
          </span>
          <ChevronRight size={18} className="chevron" aria-hidden />
        </Link>
      )}
      <LetOne />
      <LinkButton look="quiet" icon={FileSearch} wide href={paths.keysCheck}>
        {oneKey.check}
      </LinkButton>
    </Screen>
  )
}

/** To the lock that is ours; where there are more, or none yet, to where they are. */
function LetOne() {
  const { keys: words } = useMarketMessages()
  const owned = useReadable(useWallet().devices).filter(({ stage }) => stage.kind === 'owned')
  const [only] = owned
  const isOne = only !== undefined && owned.length === 1
  return (
    <Link
      href={isOne ? paths.letting(only.deviceId) : owned.length > 1 ? paths.wallet : paths.devices}
      className="card row"
    >
      <Store size={20} aria-hidden />
      <span className="grow">
        <span className="row-title">{words.let}</span>
        <br />
        <span className="row-note breakable">
          {isOne ? only.name : owned.length > 1 ? words.letChoose : words.letNone}
        </span>
      </span>
      <ChevronRight size={18} className="chevron" aria-hidden />
    </Link>
  )
}

function KeyCard({ view }: { view: KeyView }) {
  const { keys: words } = useMarketMessages()
  const times = useZoneTimes(view.utcOffset ?? ownOffset())
  const { icon: Icon, tone, text } = keyLook(view, words, times)
  return (
    <Link href={paths.key(view.id)} className="card key-card">
      <span className={`glyph tone-${tone}`}>
        <Icon size={22} strokeWidth={1.75} aria-hidden />
      </span>
      <span>
        <span className="name breakable">{keyName(view, words)}</span>
        <span className="row-note">{text}</span>
        {view.state.kind === 'ready' && view.isOffline && (
          <span className="row-note with-sign">
            <WifiOff size={14} aria-hidden />
            {words.offline}
          </span>
        )}
      </span>
      <ChevronRight size={20} className="chevron" aria-hidden />
    </Link>
  )
}
