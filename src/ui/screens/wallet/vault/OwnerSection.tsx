// Whose account owns the devices: this wallet's own, or one of another wallet in the browser.
import { ChevronRight, UserRound, Wallet } from 'lucide-react'
import { useState } from 'react'
import type { InjectedWalletInfo } from '../../../../app/ports/injectedWallets.ts'
import type { OwnerView } from '../../../../app/wallet/wallet.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Hash } from '../../../components/Hash.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'

export function OwnerSection() {
  const { owner: words } = useWalletMessages()
  const wallet = useWallet()
  const owner = useReadable(wallet.owner)
  const [isChoosing, setChoosing] = useState(false)
  if (owner === null) return null
  return (
    <Section title={words.title}>
      <div className="card flush rows">
        <Present owner={owner} />
        <button
          type="button"
          className="row"
          aria-haspopup={owner.kind === 'vault' ? 'dialog' : undefined}
          onClick={() => {
            if (owner.kind === 'vault') setChoosing(true)
            else void wallet.switchToVaultOwner()
          }}
        >
          <Wallet size={22} strokeWidth={1.75} className="soft" aria-hidden />
          <span className="grow row-title">{owner.kind === 'vault' ? words.change : words.back}</span>
          <ChevronRight size={20} className="chevron" aria-hidden />
        </button>
      </div>
      {!owner.isThere && owner.walletName !== null && (
        <Notice tone="attention" title={words.externalMissing(owner.walletName)} live />
      )}
      {isChoosing && <ChooseSheet onClose={() => setChoosing(false)} />}
    </Section>
  )
}

function Present({ owner }: { owner: OwnerView }) {
  const { owner: words } = useWalletMessages()
  return (
    <div className="row">
      <UserRound size={22} strokeWidth={1.75} className="soft" aria-hidden />
      <span className="grow">
        <span className="row-title">
          {owner.kind === 'vault' || owner.walletName === null ? words.own : words.external(owner.walletName)}
        </span>
        <br />
        <span className="row-note">{owner.kind === 'vault' ? words.ownNote : words.body}</span>
        <br />
        <Hash value={owner.address} name={words.title} />
      </span>
    </div>
  )
}

function ChooseSheet({ onClose }: { onClose: () => void }) {
  const { owner: words } = useWalletMessages()
  const wallet = useWallet()
  const found = useReadable(wallet.injected)
  const [busy, setBusy] = useState<string | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const connect = async ({ id }: InjectedWalletInfo) => {
    setBusy(id)
    setFailure(null)
    const connected = await wallet.connectInjected(id)
    setBusy(null)
    if (connected.ok) onClose()
    else setFailure(connected.error)
  }
  return (
    <Sheet title={words.change} onClose={onClose}>
      <p className="prose">{words.changeBody}</p>
      <p className="prose soft">{words.changeNote}</p>
      {failure !== null && <WalletFailure failure={failure} />}
      {found.length === 0 ? (
        <Notice tone="plain" title={words.none} live />
      ) : (
        <ul className="stack snug" aria-label={words.found}>
          {found.map(info => (
            <li key={info.id}>
              <Button
                wide
                busy={busy === info.id}
                disabled={busy !== null}
                onClick={() => void connect(info)}
              >
                <span className="injected">
                  {info.icon === null ? (
                    <Wallet size={24} aria-hidden />
                  ) : (
                    <img src={info.icon} alt="" width={24} height={24} />
                  )}
                  {words.connect(info.name)}
                </span>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  )
}
