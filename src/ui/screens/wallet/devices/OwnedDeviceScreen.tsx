// One device of ours: how far it is ours, its account, what it was told, what it may pay, who had it, and giving it away.
import { ChevronRight, HandHelping, KeyRound, Pencil, Store } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import { IconButton, LinkButton } from '../../../components/Button.tsx'
import { Fact, Facts } from '../../../components/Facts.tsx'
import { Hash } from '../../../components/Hash.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { ProofLink } from '../../../components/ProofLink.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useFob } from '../../../fobContext.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useNow } from '../../../useNow.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { VaultNotices } from '../lock/VaultNotices.tsx'
import { useNames } from '../signing/useNames.ts'
import { ConfigSection } from './ConfigSection.tsx'
import { Custody } from './Custody.tsx'
import { MoreSection } from './MoreSection.tsx'
import { ownedState } from './ownedState.ts'
import { RenameSheet } from './RenameSheet.tsx'
import { RulesSection } from './RulesSection.tsx'

export function OwnedDeviceScreen({ deviceId }: { deviceId: string }) {
  const { owned: words } = useWalletMessages()
  const device = useReadable(useWallet().devices).find(each => each.deviceId === deviceId)
  return device === undefined ? <NotFoundScreen title={words.notFound} /> : <Owned device={device} />
}

function Owned({ device }: { device: OwnedDeviceView }) {
  const { owned: words, handOver } = useWalletMessages()
  const wallet = useWallet()
  const [isRenaming, setRenaming] = useState(false)
  useEffect(() => void wallet.refresh(), [wallet])
  const { stage } = device
  const hasKiosks = useFob().kioskOwner !== undefined
  const isOurs = stage.kind === 'owned' || stage.kind === 'givingAway'
  return (
    <Screen
      title={device.name}
      back={paths.wallet}
      side={<IconButton icon={Pencil} label={words.rename} onClick={() => setRenaming(true)} />}
      actions={
        (stage.kind === 'owned' && stage.isPaired) || stage.kind === 'givingAway' ? (
          <LinkButton icon={HandHelping} wide href={paths.give(device.deviceId)}>
            {stage.kind === 'givingAway' ? handOver.giveCode : words.give}
          </LinkButton>
        ) : null
      }
    >
      <VaultNotices />
      <Where device={device} />
      {isOurs && (
        <Link href={paths.letting(device.deviceId)} className="card row">
          <KeyRound size={20} aria-hidden />
          <span className="grow">
            <span className="row-title">{words.letting}</span>
            <br />
            <span className="row-note">{words.lettingNote}</span>
          </span>
          <ChevronRight size={18} className="chevron" aria-hidden />
        </Link>
      )}
      {isOurs && hasKiosks && (
        <Link href={paths.selling(device.deviceId)} className="card row">
          <Store size={20} aria-hidden />
          <span className="grow">
            <span className="row-title">{words.selling}</span>
            <br />
            <span className="row-note">{words.sellingNote}</span>
          </span>
          <ChevronRight size={18} className="chevron" aria-hidden />
        </Link>
      )}
      <section className="card flush">
        <AccountFacts device={device} />
        {device.evidence !== null && (
          <div className="card-foot">
            <ProofLink evidence={device.evidence} manifest={null} />
          </div>
        )}
      </section>
      {isOurs && <ConfigSection device={device} />}
      {isOurs && <RulesSection device={device} />}
      <Custody deviceId={device.deviceId} />
      <MoreSection device={device} />
      {isRenaming && <RenameSheet device={device} onClose={() => setRenaming(false)} />}
    </Screen>
  )
}

/** Where it stands, with the one thing that brings it on. */
function Where({ device }: { device: OwnedDeviceView }) {
  const { owned: words, handOver } = useWalletMessages()
  const formats = useFormats()
  const { icon, tone, text } = ownedState(device, words)
  const { stage } = device
  const isUnfinished =
    stage.kind === 'begun' ||
    stage.kind === 'paired' ||
    stage.kind === 'claiming' ||
    (stage.kind === 'owned' && !stage.isPaired)
  const goOn =
    stage.kind === 'taking'
      ? paths.take
      : isUnfinished && device.deviceKey !== null
        ? paths.claim(device.deviceKey)
        : null
  return (
    <>
      <Notice
        tone={tone}
        icon={icon}
        title={text}
        actions={
          goOn === null ? undefined : (
            <LinkButton look="primary" href={goOn}>
              {words.goOn}
            </LinkButton>
          )
        }
      >
        {stage.kind === 'givingAway' && handOver.giveDeadline(formats.dateTime(stage.deadline))}
        {stage.kind === 'taking' && handOver.takeWaitingBody(formats.dateTime(stage.deadline))}
      </Notice>
      {device.report !== 'none' && <Notice tone="alarm" title={words.reports[device.report]} />}
      {device.deviceKey === null && (
        <Notice
          tone="info"
          title={words.notMet}
          actions={<LinkButton href={paths.devices}>{words.addIt}</LinkButton>}
        />
      )}
    </>
  )
}

function AccountFacts({ device }: { device: OwnedDeviceView }) {
  const { owned: words, sentenceWords } = useWalletMessages()
  const formats = useFormats()
  const names = useNames()
  const now = useNow()
  const { account, user } = device
  return (
    <>
      <div className="rows">
        {account.id !== null && (
          <Link href={paths.account(account.id)} className="row">
            <span className="grow row-title">{words.account}</span>
            <ChevronRight size={18} className="chevron" aria-hidden />
          </Link>
        )}
        {device.deviceKey !== null && (
          <Link href={paths.device(device.deviceKey)} className="row">
            <span className="grow row-title">{words.device}</span>
            <ChevronRight size={18} className="chevron" aria-hidden />
          </Link>
        )}
      </div>
      <div className="ruled">
        <Facts>
          {device.model !== null && <Fact name={sentenceWords.labels.model}>{device.model.name}</Fact>}
          <Fact name={words.account}>
            <Hash value={account.address} name={words.account} />
          </Fact>
          {user !== null && user.expires > now && (
            <Fact name={words.lend}>
              {words.user(names.ofAddress(user.address) ?? user.address, formats.dateTime(user.expires))}
            </Fact>
          )}
        </Facts>
      </div>
    </>
  )
}
